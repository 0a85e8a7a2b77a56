package io.tocsin.adapter.mesh;

import io.tocsin.base.Metrics;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Remembers the counters. */
final class CountingMetrics implements Metrics {
  private final Map<String, Integer> counts = new ConcurrentHashMap<>();

  int of(String label) {
    return counts.getOrDefault(label, 0);
  }

  @Override
  public void count(String name, String label) {
    counts.merge(label, 1, Integer::sum);
  }

  @Override
  public void gauge(String name, String label, double value) {}

  @Override
  public void stage(String stage, Duration took) {}
}
