package io.tocsin.adapter.web;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tocsin.base.Metrics;
import io.tocsin.pipeline.Stage;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Metrics kept for Prometheus. Stage latencies are the histogram {@code tocsin_stage_seconds} with
 * buckets from 100 µs to 60 s. Thread-safe.
 */
public final class PrometheusMetrics implements Metrics {
  private static final Duration[] BUCKETS = {
    Duration.ofNanos(100_000),
    Duration.ofNanos(250_000),
    Duration.ofNanos(500_000),
    Duration.ofMillis(1),
    Duration.ofNanos(2_500_000),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5),
    Duration.ofSeconds(15),
    Duration.ofSeconds(60)
  };

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Map<String, Counter> counters = new ConcurrentHashMap<>();
  private final Map<String, AtomicLong> gauges = new ConcurrentHashMap<>();
  private final Map<String, Timer> stages = new ConcurrentHashMap<>();

  /** Metrics without any count; every stage of an alarm is there from the beginning. */
  public PrometheusMetrics() {
    for (Stage stage : Stage.values()) {
      stages.put(stage.label(), timer(stage.label()));
    }
  }

  private Timer timer(String stage) {
    return Timer.builder("tocsin_stage")
        .description("Time from the first sight of a transaction to each stage")
        .tag("stage", stage)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  @Override
  public void count(String name, String label) {
    counters
        .computeIfAbsent(
            name + '\0' + label, _ -> Counter.builder(name).tag("reason", label).register(registry))
        .increment();
  }

  @Override
  public void count(String name, String place, String label) {
    counters
        .computeIfAbsent(
            name + '\0' + place + '\0' + label,
            _ -> Counter.builder(name).tag("place", place).tag("reason", label).register(registry))
        .increment();
  }

  @Override
  public void gauge(String name, String label, double value) {
    gauges
        .computeIfAbsent(
            name + '\0' + label,
            _ -> {
              AtomicLong held = new AtomicLong();
              Gauge.builder(name, held, h -> Double.longBitsToDouble(h.get()))
                  .tag("name", label)
                  .register(registry);
              return held;
            })
        .set(Double.doubleToLongBits(value));
  }

  @Override
  public void stage(String stage, Duration took) {
    stages.computeIfAbsent(stage, this::timer).record(took.isNegative() ? Duration.ZERO : took);
  }

  /** The metrics in Prometheus' text format. */
  public String scrape() {
    return registry.scrape();
  }
}
