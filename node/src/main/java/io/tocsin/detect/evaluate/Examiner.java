package io.tocsin.detect.evaluate;

import io.tocsin.chain.StateReads;
import io.tocsin.chain.TxTrace;
import io.tocsin.detect.Detectors;
import io.tocsin.detect.History;
import io.tocsin.detect.ScanReport;
import io.tocsin.detect.TraceFacts;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Runs all detectors and the naive rule over transactions, one by one. A corpus has no state. */
public final class Examiner {
  private final Detectors detectors;
  private final LongSupplier nanos;

  /**
   * @param nanos the time that passes, from anywhere
   */
  public Examiner(Detectors detectors, LongSupplier nanos) {
    this.detectors = detectors;
    this.nanos = nanos;
  }

  /** What comes of one transaction; the time of the scan is that of the detectors alone. */
  public Judged examine(Labelled labelled) {
    TxTrace trace = labelled.trace();
    long start = nanos.getAsLong();
    ScanReport report = detectors.scan(trace, StateReads.NONE, History.NONE);
    long took = nanos.getAsLong() - start;
    Optional<TraceFacts> facts = detectors.facts(trace, StateReads.NONE, History.NONE);
    return new Judged(
        trace.tx(),
        labelled.label(),
        report,
        new Judged.Shape(
            trace.frames().size(),
            facts.map(f -> !f.flows().isEmpty()).orElse(!trace.failed()),
            facts.filter(NaiveRule::fires).isPresent()),
        new Judged.Nanos(labelled.readNanos(), took),
        Remark.of(facts, report));
  }
}
