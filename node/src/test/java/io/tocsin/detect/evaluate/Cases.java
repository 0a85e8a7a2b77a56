package io.tocsin.detect.evaluate;

import io.tocsin.base.Address;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.chain.Position;
import io.tocsin.chain.TraceJson;
import io.tocsin.chain.TxTrace;
import io.tocsin.detect.Asset;
import io.tocsin.detect.DetectorResult;
import io.tocsin.detect.Explanation;
import io.tocsin.detect.Finding;
import io.tocsin.detect.Loss;
import io.tocsin.detect.Scan;
import io.tocsin.detect.ScanReport;
import io.tocsin.detect.Severity;
import io.tocsin.detect.Sign;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Judged transactions and small traces. */
final class Cases {
  static final String THIEF = "0x00000000000000000000000000000000000000aa";
  static final String ENTRY = "0x00000000000000000000000000000000000000bb";
  static final String MADE = "0x00000000000000000000000000000000000000cc";
  static final String BANK = "0x00000000000000000000000000000000000000dd";

  private Cases() {}

  static ScanReport clean() {
    return report(new Scan.Clean());
  }

  static ScanReport unjudged() {
    return report(new Scan.NotAnalysed("no balance"));
  }

  /** Found by these detectors; where there are several, by the pattern of an attack. */
  static ScanReport found(double share, String... detectors) {
    Set<Sign> signs = EnumSet.noneOf(Sign.class);
    if (share >= 0.5) {
      signs.add(Sign.MOST);
    }
    if (detectors.length > 1) {
      signs.addAll(Set.of(Sign.AGREEMENT, Sign.PATTERN));
    }
    Finding finding =
        new Finding(
            List.of(detectors),
            Severity.HIGH,
            address(BANK),
            List.of(new Loss(Asset.NATIVE, BigInteger.TEN, share)),
            new Explanation("It lost <b>value</b>.", List.of(0), List.of(), List.of("a guess")));
    Scan scan = new Scan.Found(List.of(finding));
    return new ScanReport(
        scan, List.of(detectors).stream().map(id -> new DetectorResult(id, scan)).toList(), signs);
  }

  private static ScanReport report(Scan scan) {
    return new ScanReport(scan, List.of(new DetectorResult("value-conservation", scan)));
  }

  static Judged judged(boolean benign, String date, String kind, ScanReport report) {
    Optional<LocalDate> day =
        date.isEmpty() ? Optional.empty() : Optional.of(LocalDate.parse(date));
    return new Judged(
        Hash32.ZERO,
        new Label(benign, "ethereum", day, kind, "a name", "a file"),
        report,
        new Judged.Shape(benign ? 30 : 3, true, !benign),
        new Judged.Nanos(2_000_000, 1_000_000),
        report.findings().isEmpty() ? "a reason" : "");
  }

  static Address address(String text) {
    try {
      return Address.parse(text);
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  static TxTrace trace(String json) {
    try {
      return TraceJson.parse(
          json.getBytes(StandardCharsets.UTF_8),
          ChainId.evm(1),
          Hash32.ZERO,
          new Position.Unknown());
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  /** The thief calls his contract, which does {@code calls}. */
  static TxTrace root(String... calls) {
    return trace(frame("CALL", THIEF, ENTRY, "0x0", calls));
  }

  static String frame(String kind, String from, String to, String value, String... calls) {
    return "{\"type\":\"%s\",\"from\":\"%s\",\"to\":\"%s\",\"value\":\"%s\",\"input\":\"0x\",\"calls\":[%s]}"
        .formatted(kind, from, to, value, String.join(",", calls));
  }
}
