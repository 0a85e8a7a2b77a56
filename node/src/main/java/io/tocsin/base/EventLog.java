package io.tocsin.base;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Base of the classes that hold the sentences an operator reads: each method is named after what
 * happened, logs it and counts it.
 */
public abstract class EventLog {
  private final Logger log;
  private final Metrics metrics;

  /** Logs under {@code name} and counts in {@code metrics}. */
  protected EventLog(String name, Metrics metrics) {
    this.log = LoggerFactory.getLogger(name);
    this.metrics = metrics;
  }

  /** Something happened as it should. */
  protected final void info(String event, String sentence) {
    metrics.count("tocsin_events_total", event);
    log.info("{}", sentence);
  }

  /** Something needs attention, the node goes on. */
  protected final void warn(String event, String sentence) {
    metrics.count("tocsin_events_total", event);
    log.warn("{}", sentence);
  }

  /** Something failed that a person must look at. */
  protected final void alarm(String event, String sentence) {
    metrics.count("tocsin_events_total", event);
    log.error("{}", sentence);
  }

  /** Too frequent for a sentence: counted under its reason only. */
  protected final void count(String name, String reason) {
    metrics.count(name, reason);
  }

  /** The same, at one of several places. */
  protected final void count(String name, String place, String reason) {
    metrics.count(name, place, reason);
  }
}
