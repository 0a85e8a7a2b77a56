package io.tocsin.detect.evaluate;

import io.tocsin.detect.Detector;
import io.tocsin.detect.DetectorResult;
import io.tocsin.detect.Detectors;
import io.tocsin.detect.Scan;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/** What a corpus says of the detectors: counts over judged transactions. Immutable. */
public final class Evaluation {
  /** From this probability on evidence is held to be good enough to act on. */
  public static final double ACTING = 0.9;

  /** A transaction of this many frames is counted among the large ones, too. */
  public static final int LARGE = 20;

  /** Stands for a kind, chain or year that the corpus does not say. */
  public static final String UNLABELLED = "unlabelled";

  /**
   * What was read, beside the transactions.
   *
   * @param failures what could not be read, each with its place and reason
   * @param notes what the labels say that is not understood, or names no trace
   */
  public record Reading(List<String> failures, List<String> notes) {
    public Reading {
      failures = List.copyOf(failures);
      notes = List.copyOf(notes);
    }
  }

  /** Counts of one detector, or of all together. */
  public record Row(String id, Tally attacks, Tally benign) {}

  /**
   * One part of a corpus that is split by date: the part that the calibration was fitted on, or the
   * part behind it.
   */
  public record Part(Tally attacks, Tally moving, Tally benign, Reliability reliability) {}

  /** A corpus split by date; {@code undated} transactions are in neither part. */
  public record Split(LocalDate until, Part before, Part after, int undated) {}

  private final List<Judged> all;
  private final Reading reading;
  private final Calibration calibration;
  private final Optional<Split> split;

  private Evaluation(
      List<Judged> all, Reading reading, Calibration calibration, Optional<Split> split) {
    this.all = all;
    this.reading = reading;
    this.calibration = calibration;
    this.split = split;
  }

  /** With the calibration that ships. */
  public static Evaluation of(List<Judged> all, Reading reading) {
    return new Evaluation(List.copyOf(all), reading, Calibration.SHIPPED, Optional.empty());
  }

  /** With a calibration fitted on what is dated up to {@code until}, that day included. */
  public static Evaluation split(List<Judged> all, Reading reading, LocalDate until) {
    List<Judged> before =
        some(all, j -> j.label().date().filter(d -> !d.isAfter(until)).isPresent());
    List<Judged> after = some(all, j -> j.label().date().filter(d -> d.isAfter(until)).isPresent());
    Calibration fitted = Calibration.fit(samples(before), provenance(before, until));
    Split split =
        new Split(
            until,
            part(before, fitted),
            part(after, fitted),
            all.size() - before.size() - after.size());
    return new Evaluation(List.copyOf(all), reading, fitted, Optional.of(split));
  }

  private static List<String> provenance(List<Judged> before, LocalDate until) {
    long attacks = before.stream().filter(j -> !j.label().benign()).count();
    return List.of(
        "Fitted by isotonic regression (pool adjacent violators, half of each kind added a step).",
        "On "
            + attacks
            + " attacks and "
            + (before.size() - attacks)
            + " harmless transactions"
            + " dated up to "
            + until
            + ".",
        "Command: tocsin evaluate --corpus DIR --until " + until + " --calibration FILE");
  }

  private static Part part(List<Judged> some, Calibration calibration) {
    List<Judged> attacks = some(some, j -> !j.label().benign());
    return new Part(
        Tally.of(attacks, calibration, ACTING),
        Tally.of(some(attacks, j -> j.shape().movesValue()), calibration, ACTING),
        Tally.of(some(some, j -> j.label().benign()), calibration, ACTING),
        Reliability.of(calibration, samples(some)));
  }

  private static List<Calibration.Sample> samples(List<Judged> some) {
    return some.stream()
        .map(j -> new Calibration.Sample(Strength.of(j.report()), !j.label().benign()))
        .toList();
  }

  private static <T> List<T> some(Collection<T> all, Predicate<T> which) {
    return all.stream().filter(which).toList();
  }

  /** Every transaction, in the order of the corpus. */
  public List<Judged> all() {
    return all;
  }

  /** What could not be read. */
  public Reading reading() {
    return reading;
  }

  /** What makes probabilities of strengths here. */
  public Calibration calibration() {
    return calibration;
  }

  /** The two parts, if the corpus was split. */
  public Optional<Split> split() {
    return split;
  }

  /** The calibrated probability that {@code one} is an attack. */
  public double probability(Judged one) {
    return calibration.probability(Strength.of(one.report()));
  }

  /** Whether the evidence on {@code one} is good enough to act on. */
  public boolean acts(Judged one) {
    return one.alert() && probability(one) >= ACTING;
  }

  /** How well the probabilities foretold: behind the split where there is one, else over all. */
  public Reliability reliability() {
    return split
        .map(s -> s.after().reliability())
        .orElseGet(() -> Reliability.of(calibration, samples(all)));
  }

  /** The transactions that {@code which} selects, counted. */
  public Tally tally(Predicate<Judged> which) {
    return Tally.of(some(all, which), calibration, ACTING);
  }

  /** All attacks. */
  public Tally attacks() {
    return tally(j -> !j.label().benign());
  }

  /** The attacks in which value is seen to move. */
  public Tally moving() {
    return tally(j -> !j.label().benign() && j.shape().movesValue());
  }

  /** All harmless transactions. */
  public Tally benign() {
    return tally(j -> j.label().benign());
  }

  /** The harmless transactions with many frames. */
  public Tally benignLarge() {
    return tally(j -> j.label().benign() && j.shape().frames() >= LARGE);
  }

  /** The attacks by class, the largest class first. */
  public Map<String, Tally> byType() {
    Map<String, Tally> ordered = new LinkedHashMap<>();
    grouped(j -> !j.label().benign(), j -> j.label().kind()).entrySet().stream()
        .sorted((a, b) -> b.getValue().total() - a.getValue().total())
        .forEach(e -> ordered.put(e.getKey(), e.getValue()));
    return ordered;
  }

  /** The attacks by chain. */
  public Map<String, Tally> byChain() {
    return grouped(j -> !j.label().benign(), j -> j.label().chain());
  }

  /** The attacks by year. */
  public Map<String, Tally> byYear() {
    return grouped(j -> !j.label().benign(), Evaluation::year);
  }

  /** The harmless transactions by year. */
  public Map<String, Tally> benignByYear() {
    return grouped(j -> j.label().benign(), Evaluation::year);
  }

  /** The harmless transactions that resemble something, by what they resemble. */
  public Map<String, Tally> lookalikes() {
    return grouped(j -> j.label().benign() && !j.label().kind().isEmpty(), j -> j.label().kind());
  }

  private static String year(Judged one) {
    return one.label().date().map(d -> Integer.toString(d.getYear())).orElse("");
  }

  private Map<String, Tally> grouped(Predicate<Judged> which, Function<Judged, String> by) {
    Map<String, List<Judged>> groups = new TreeMap<>();
    for (Judged one : all) {
      if (which.test(one)) {
        String key = by.apply(one);
        groups.computeIfAbsent(key.isEmpty() ? UNLABELLED : key, _ -> new ArrayList<>()).add(one);
      }
    }
    Map<String, Tally> counted = new LinkedHashMap<>();
    groups.forEach((key, some) -> counted.put(key, Tally.of(some, calibration, ACTING)));
    return counted;
  }

  /** Each detector by itself, in the order in which they answer. */
  public List<Row> detectors() {
    List<Row> rows = new ArrayList<>();
    for (Detector detector : Detectors.ALL) {
      String id = detector.metadata().id();
      rows.add(new Row(id, alone(id, false), alone(id, true)));
    }
    return rows;
  }

  private Tally alone(String id, boolean benign) {
    int total = 0;
    int found = 0;
    int act = 0;
    int unjudged = 0;
    for (Judged one : all) {
      if (one.label().benign() == benign) {
        total++;
        Optional<Scan> own =
            one.report().results().stream()
                .filter(r -> r.detector().equals(id))
                .map(DetectorResult::scan)
                .findFirst();
        boolean finds = own.filter(Scan.Found.class::isInstance).isPresent();
        found += finds ? 1 : 0;
        act += finds && acts(one) ? 1 : 0;
        unjudged += own.filter(Scan.NotAnalysed.class::isInstance).isPresent() ? 1 : 0;
      }
    }
    return new Tally(total, found, act, unjudged, 0);
  }

  /** The attacks in which nothing was found, in the order of the corpus. */
  public List<Judged> misses() {
    return some(all, j -> !j.label().benign() && !j.alert());
  }

  /** The harmless transactions in which something was found. */
  public List<Judged> fires() {
    return some(all, j -> j.label().benign() && j.alert());
  }

  /** The attacks in which something was found. */
  public List<Judged> hits() {
    return some(all, j -> !j.label().benign() && j.alert());
  }

  /** Milliseconds that {@code part} took at most in this share of the transactions. */
  public double millis(Function<Judged.Nanos, Long> part, double quantile) {
    List<Long> sorted = all.stream().map(j -> part.apply(j.nanos())).sorted().toList();
    if (sorted.isEmpty()) {
      return 0;
    }
    int at = (int) Math.ceil(quantile * sorted.size()) - 1;
    return Math.round(sorted.get(Math.max(0, at)) / 1e3) / 1e3;
  }
}
