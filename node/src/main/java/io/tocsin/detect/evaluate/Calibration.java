package io.tocsin.detect.evaluate;

import io.tocsin.base.MalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Makes a probability of the strength of evidence: a step function, fitted by isotonic regression
 * (pool adjacent violators) with half an attack and half a harmless transaction added to each step
 * (the prior of Jeffreys), so that none says never or always. It holds in the mixture of attacks
 * and harmless transactions that it was fitted on.
 *
 * @param provenance what it was fitted on and how, one sentence a line
 * @param steps by rising strength and rising probability; the first starts at 0
 */
public record Calibration(List<String> provenance, List<Step> steps) {
  private static final String HEADER = "strength,attacks,transactions,probability";
  private static final String RESOURCE = "calibration.csv";

  /** What ships. */
  public static final Calibration SHIPPED = shipped();

  /** From this strength on: so many transactions, of which so many were attacks. */
  public record Step(double strength, int attacks, int transactions) {
    public Step {
      if (!(strength >= 0) || attacks < 0 || attacks > transactions) {
        throw new IllegalArgumentException(
            "no step: " + strength + ", " + attacks + " of " + transactions);
      }
    }

    /** The share of attacks, with half of each kind added. */
    public double probability() {
      return (attacks + 0.5) / (transactions + 1.0);
    }

    private Step join(Step next) {
      return new Step(strength, attacks + next.attacks, transactions + next.transactions);
    }
  }

  /** One transaction to fit on. */
  public record Sample(double strength, boolean attack) {}

  public Calibration {
    provenance = List.copyOf(provenance);
    steps = List.copyOf(steps);
    if (steps.isEmpty() || steps.getFirst().strength() != 0) {
      throw new IllegalArgumentException("a calibration starts at strength 0");
    }
    for (int i = 1; i < steps.size(); i++) {
      if (steps.get(i).strength() <= steps.get(i - 1).strength()
          || steps.get(i).probability() <= steps.get(i - 1).probability()) {
        throw new IllegalArgumentException("steps of a calibration rise");
      }
    }
  }

  /** Fits one on {@code samples}; without any, it says one half of everything. */
  public static Calibration fit(List<Sample> samples, List<String> provenance) {
    Map<Double, Step> groups = new TreeMap<>();
    groups.put(0.0, new Step(0, 0, 0));
    for (Sample sample : samples) {
      groups.merge(
          sample.strength(), new Step(sample.strength(), sample.attack() ? 1 : 0, 1), Step::join);
    }
    List<Step> steps = new ArrayList<>();
    for (Step group : groups.values()) {
      Step last = group;
      while (!steps.isEmpty() && steps.getLast().probability() >= last.probability()) {
        last = steps.removeLast().join(last);
      }
      steps.add(last);
    }
    return new Calibration(provenance, steps);
  }

  /** The probability that a transaction with evidence of this strength is an attack. */
  public double probability(double strength) {
    double found = steps.getFirst().probability();
    for (Step step : steps) {
      if (step.strength() <= strength) {
        found = step.probability();
      }
    }
    return found;
  }

  /** As the table that {@link #parse} reads. */
  public String write() {
    StringBuilder out = new StringBuilder();
    provenance.forEach(line -> out.append("# ").append(line).append('\n'));
    out.append(HEADER).append('\n');
    for (Step step : steps) {
      out.append(step.strength())
          .append(',')
          .append(step.attacks())
          .append(',')
          .append(step.transactions())
          .append(String.format(Locale.ROOT, ",%.6f\n", step.probability()));
    }
    return out.toString();
  }

  /**
   * Reads a table. The probabilities in it are for people: they follow from the counts.
   *
   * @throws MalformedException naming the line
   */
  public static Calibration parse(String text) throws MalformedException {
    List<String> provenance = new ArrayList<>();
    List<Step> steps = new ArrayList<>();
    boolean header = false;
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      if (line.startsWith("#")) {
        provenance.add(line.substring(1).strip());
      } else if (!header) {
        header = line.equals(HEADER);
        if (!header) {
          throw new MalformedException("line " + number + ": expected " + HEADER);
        }
      } else {
        steps.add(step(line, number));
      }
    }
    try {
      return new Calibration(provenance, steps);
    } catch (IllegalArgumentException e) {
      throw new MalformedException("calibration: " + e.getMessage(), e);
    }
  }

  private static Step step(String line, int number) throws MalformedException {
    String[] cells = line.split(",", -1);
    try {
      if (cells.length == 4) {
        return new Step(
            Double.parseDouble(cells[0]), Integer.parseInt(cells[1]), Integer.parseInt(cells[2]));
      }
    } catch (IllegalArgumentException e) {
      throw new MalformedException("line " + number + ": " + e.getMessage(), e);
    }
    throw new MalformedException("line " + number + ": expected 4 cells, found " + cells.length);
  }

  private static Calibration shipped() {
    try (InputStream in =
        Objects.requireNonNull(Calibration.class.getResourceAsStream(RESOURCE), RESOURCE)) {
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (MalformedException e) {
      throw new IllegalStateException(RESOURCE + ": " + e.getMessage(), e);
    }
  }
}
