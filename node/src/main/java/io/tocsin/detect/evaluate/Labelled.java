package io.tocsin.detect.evaluate;

import io.tocsin.chain.TxTrace;

/** A transaction of a corpus; reading it took {@code readNanos}. */
public record Labelled(TxTrace trace, Label label, long readNanos) {}
