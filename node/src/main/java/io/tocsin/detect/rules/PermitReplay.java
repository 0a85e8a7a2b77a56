package io.tocsin.detect.rules;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.chain.CallFrame;
import io.tocsin.detect.Asset;
import io.tocsin.detect.Detector;
import io.tocsin.detect.Evidence;
import io.tocsin.detect.Finding;
import io.tocsin.detect.Flow;
import io.tocsin.detect.Loss;
import io.tocsin.detect.Metadata;
import io.tocsin.detect.Recoveries;
import io.tocsin.detect.Recoveries.Recovery;
import io.tocsin.detect.Scan;
import io.tocsin.detect.Selectors;
import io.tocsin.detect.Severity;
import io.tocsin.detect.TraceFacts;
import java.math.BigInteger;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds contracts that paid for a signature that they had paid for already, or that is none. */
public final class PermitReplay implements Detector {
  /** Of the checks of signatures in a transaction, the first this many are judged. */
  private static final int MOST = 256;

  private static final Metadata METADATA =
      new Metadata(
          "permit-replay",
          "Signature accepted twice, or though it is none",
          Severity.CRITICAL,
          new Metadata.Story(
              "The same signature over the same words is checked in two calls of the sender's side,"
                  + " and in both that side is paid by an account that gets nothing; or the check"
                  + " finds no signer, no other check follows, and the call goes on to pay.",
              "A contract pays a bonus to whoever brings a signature of its operator and keeps no"
                  + " list of those that were used. A contract brings the same one a hundred"
                  + " times."),
          List.of(
              "A signature that was used in an earlier transaction or on another chain is not"
                  + " known.",
              "Only signatures that the chain's own precompiled contract recovers are seen, and"
                  + " only where the source records such calls.",
              "A check that finds no signer is ignored where another one in the same call finds"
                  + " one, as where the missing of some signatures is allowed."),
          List.of(
              URI.create("https://swcregistry.io/docs/SWC-121/"),
              URI.create("https://swcregistry.io/docs/SWC-117/"),
              URI.create("https://eips.ethereum.org/EIPS/eip-2612")));

  /** A check in a call of the sender's side, and the first payment to that side behind it. */
  private record Use(Recovery check, int operation, Flow payment) {}

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
    List<Recovery> checks = facts.gains().isEmpty() ? List.of() : Recoveries.of(facts.trace());
    Map<Address, Finding> found = new LinkedHashMap<>();
    Map<Bytes, Use> first = new HashMap<>();
    for (Recovery check : checks.subList(0, Math.min(MOST, checks.size()))) {
      Optional<Use> use = use(facts, check);
      if (use.isEmpty()) {
        continue;
      }
      if (check.signer().isEmpty() && !supported(facts, checks, use.get())) {
        add(facts, found, use.get(), use.get());
      } else if (check.signer().isPresent()) {
        Use before = first.putIfAbsent(check.words(), use.get());
        if (before != null && before.operation() != use.get().operation()) {
          add(facts, found, before, use.get());
        }
      }
    }
    return found.isEmpty() ? new Scan.Clean() : new Scan.Found(List.copyOf(found.values()));
  }

  private static Optional<Use> use(TraceFacts facts, Recovery check) {
    int operation = facts.operation(check.frame());
    int end = facts.trace().end(operation);
    return facts.flows().stream()
        .filter(f -> f.frame() > check.frame() && f.frame() < end)
        .filter(f -> facts.controlled().contains(f.to()) && !facts.controlled().contains(f.from()))
        .filter(f -> facts.gains().containsKey(f.asset()) && facts.gains(f.from()).isEmpty())
        .findFirst()
        .map(payment -> new Use(check, operation, payment));
  }

  /** Whether another check in the same call, by the same contract or by a wallet, succeeds. */
  private static boolean supported(TraceFacts facts, List<Recovery> checks, Use use) {
    int end = facts.trace().end(use.operation());
    for (Recovery other : checks) {
      if (other.signer().isPresent()
          && other.by().equals(use.check().by())
          && other.frame() > use.operation()
          && other.frame() < end) {
        return true;
      }
    }
    for (CallFrame frame : facts.trace().frames().subList(use.check().frame(), end)) {
      if (Selectors.SIGNATURE_CHECKS.contains(frame.selector())) {
        return true;
      }
    }
    return false;
  }

  private static void add(TraceFacts facts, Map<Address, Finding> found, Use before, Use use) {
    Address payer = use.payment().from();
    boolean minted = payer.equals(Address.ZERO);
    Address subject = minted ? use.check().by() : payer;
    if (found.containsKey(subject)) {
      return;
    }
    List<Loss> losses = minted ? List.of() : losses(facts, subject);
    if (losses.isEmpty() && !minted) {
      return;
    }
    Evidence evidence =
        Evidence.of(facts, subject, losses)
            .and(before.check().frame())
            .and(use.check().frame())
            .and(use.payment().frame());
    boolean none = use.check().signer().isEmpty();
    found.put(
        subject,
        new Finding(
            List.of(METADATA.id()),
            Severity.CRITICAL,
            subject,
            losses,
            evidence.explain(
                none
                    ? "The sender's side was paid though the signature that it brought has no"
                        + " signer."
                    : "The sender's side was paid twice for one signature.",
                none
                    ? List.of("no other rule than the signature entitled the sender's side")
                    : List.of("what was signed was to be used once"))));
  }

  private static List<Loss> losses(TraceFacts facts, Address account) {
    List<Loss> losses = new ArrayList<>();
    for (Map.Entry<Asset, BigInteger> lost : facts.losses(account).entrySet()) {
      if (facts.taken(account, lost.getKey())) {
        double share = facts.share(account, lost.getKey(), lost.getValue()).orElse(0);
        losses.add(new Loss(lost.getKey(), lost.getValue(), share));
      }
    }
    return losses;
  }
}
