package io.tocsin.detect;

/** The answer of the detector with id {@code detector}. */
public record DetectorResult(String detector, Scan scan) {}
