package io.tocsin.detect.rules;

import io.tocsin.base.Address;
import io.tocsin.detect.Asset;
import io.tocsin.detect.Detector;
import io.tocsin.detect.Explanation;
import io.tocsin.detect.Finding;
import io.tocsin.detect.Flow;
import io.tocsin.detect.Metadata;
import io.tocsin.detect.Scan;
import io.tocsin.detect.Severity;
import io.tocsin.detect.TraceFacts;
import java.math.BigInteger;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds accounts into which the same funds were paid, and out of which they came, time and again.
 */
public final class DepositLoop implements Detector {
  /** So many times nobody pays in and takes out the same for an honest reason. */
  private static final int ROUNDS = 5;

  private static final Metadata METADATA =
      new Metadata(
          "deposit-loop",
          "The same funds paid in and taken out again and again",
          Severity.HIGH,
          new Metadata.Story(
              "The sender's side pays an amount into an account and takes the same amount out"
                  + " again, five times or more in one transaction. The funds come back, so what"
                  + " they leave behind must be the purpose: a reward, a time stamp, a rounding, a"
                  + " right counted twice.",
              "A staking contract starts a new lock for each deposit, and keeps the reward of the"
                  + " old one when the deposit is withdrawn. A contract deposits and withdraws"
                  + " thirty times, and claims the sum later."),
          List.of(
              "What was gained is not seen, and may be nothing.",
              "A loop spread over several transactions, or with fresh accounts of the protocol, is"
                  + " not seen.",
              "A test that somebody runs on a live contract looks the same."),
          List.of(URI.create("https://eips.ethereum.org/EIPS/eip-4626")));

  private record Line(Address account, Asset asset) {}

  /** What was paid in last and is still there, and the frames of the full rounds so far. */
  private static final class Rounds {
    private BigInteger in = BigInteger.ZERO;
    private int paid;
    private final List<Integer> frames = new ArrayList<>();
    private final List<Flow> flows = new ArrayList<>();
  }

  @Override
  public Metadata metadata() {
    return METADATA;
  }

  @Override
  public boolean needsState() {
    return false;
  }

  @Override
  public Scan scan(TraceFacts facts) {
    Map<Line, Rounds> lines = new HashMap<>();
    Map<Address, Finding> found = new LinkedHashMap<>();
    for (Flow flow : facts.flows()) {
      boolean from = facts.controlled().contains(flow.from());
      boolean to = facts.controlled().contains(flow.to());
      if (from == to || flow.from().equals(Address.ZERO) || flow.to().equals(Address.ZERO)) {
        continue;
      }
      Line line = new Line(from ? flow.to() : flow.from(), flow.asset());
      Rounds rounds = lines.computeIfAbsent(line, _ -> new Rounds());
      if (from) {
        rounds.in = flow.amount();
        rounds.paid = flow.frame();
      } else if (same(rounds.in, flow.amount(), facts.config().dust())) {
        rounds.in = BigInteger.ZERO;
        rounds.frames.addAll(List.of(rounds.paid, flow.frame()));
        rounds.flows.add(flow);
        if (rounds.flows.size() == ROUNDS) {
          found.putIfAbsent(line.account(), finding(line.account(), rounds));
        }
      }
    }
    return found.isEmpty() ? new Scan.Clean() : new Scan.Found(List.copyOf(found.values()));
  }

  private static boolean same(BigInteger in, BigInteger out, double dust) {
    double off = in.subtract(out).abs().doubleValue();
    return in.signum() > 0 && off <= dust * in.doubleValue();
  }

  private static Finding finding(Address account, Rounds rounds) {
    return new Finding(
        List.of(METADATA.id()),
        Severity.HIGH,
        account,
        List.of(),
        new Explanation(
            "The sender's side paid in and took out the same amount " + ROUNDS + " times or more.",
            rounds.frames.stream().sorted().toList(),
            rounds.flows,
            List.of("what the rounds leave behind in its books is worth something")));
  }
}
