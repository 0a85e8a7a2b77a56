package io.tocsin.base;

import java.time.Duration;

/** Counters, gauges and stage latencies, labelled by refusal reasons and stage names. */
public interface Metrics {
  /** Forgets everything; for tests and for commands that serve no metrics. */
  Metrics NONE =
      new Metrics() {
        @Override
        public void count(String name, String label) {}

        @Override
        public void gauge(String name, String label, double value) {}

        @Override
        public void stage(String stage, Duration took) {}
      };

  /** Adds one to the counter {@code name} with label value {@code label}. */
  void count(String name, String label);

  /** Adds one to the counter {@code name} with label value {@code label}, at {@code place}. */
  default void count(String name, String place, String label) {
    count(name, place + " " + label);
  }

  /** Sets the gauge {@code name} with label value {@code label}. */
  void gauge(String name, String label, double value);

  /** Records how long after the first sight a stage of the flow was reached. */
  void stage(String stage, Duration took);
}
