package io.tocsin.detect;

/** How bad a finding is, mildest first. */
public enum Severity {
  LOW,
  MEDIUM,
  HIGH,
  CRITICAL
}
