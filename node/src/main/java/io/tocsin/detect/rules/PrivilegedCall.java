package io.tocsin.detect.rules;

import io.tocsin.base.Address;
import io.tocsin.chain.CallFrame;
import io.tocsin.chain.FrameKind;
import io.tocsin.chain.StateQuery;
import io.tocsin.detect.Asset;
import io.tocsin.detect.Detector;
import io.tocsin.detect.Evidence;
import io.tocsin.detect.Finding;
import io.tocsin.detect.Flow;
import io.tocsin.detect.Loss;
import io.tocsin.detect.Metadata;
import io.tocsin.detect.Powers;
import io.tocsin.detect.Powers.Taking;
import io.tocsin.detect.Scan;
import io.tocsin.detect.Selectors;
import io.tocsin.detect.Severity;
import io.tocsin.detect.TraceFacts;
import java.math.BigInteger;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** Finds contracts over which the sender's side took power that somebody else had. */
public final class PrivilegedCall implements Detector {
  private static final Metadata METADATA =
      new Metadata(
          "privileged-call",
          "Power taken from its holder",
          Severity.CRITICAL,
          new Metadata.Story(
              "The sender's side makes itself owner, admin or minter of a contract, gives itself a"
                  + " role, puts other code behind a proxy, or sets a contract up that was set up"
                  + " before, while whoever had that power calls for none of it; or it does so and"
                  + " uses the power in the same transaction to gain for nothing.",
              "A token's function to hand over ownership forgot to ask who calls. A contract makes"
                  + " itself the owner, burns what the others hold, and sells what it kept."),
          List.of(
              "Power that is given by functions of other names is not seen, nor is power given to"
                  + " an account that the sender does not visibly control.",
              "The holder before is who answers as owner, admin or governance, or stands in the"
                  + " slot of a proxy's admin: a contract that lets others appoint as well (a"
                  + " registry of roles of its own) looks robbed when they do.",
              "Without the state before, power that is not used in the same transaction is not"
                  + " judged; power that is used for a gain is held to be stolen.",
              "A holder whose key was stolen calls himself; and of a transaction that takes power"
                  + " over many contracts the first eight are judged."),
          List.of(
              URI.create("https://swcregistry.io/docs/SWC-105/"),
              URI.create("https://eips.ethereum.org/EIPS/eip-1967"),
              URI.create("https://eips.ethereum.org/EIPS/eip-173")));

  @Override
  public Metadata metadata() {
    return METADATA;
  }

  @Override
  public boolean needsState() {
    return false;
  }

  @Override
  public Set<StateQuery> queries(TraceFacts facts) {
    return Powers.of(facts).queries();
  }

  @Override
  public Scan scan(TraceFacts facts) {
    Powers powers = Powers.of(facts);
    List<Finding> findings = new ArrayList<>();
    boolean unjudged = false;
    for (Taking taking : powers.takings()) {
      Set<Address> before = powers.before(taking);
      if (powers.agreed(taking, before)) {
        continue;
      }
      OptionalInt use = use(facts, taking);
      if (!before.isEmpty() || powers.again(taking) || use.isPresent()) {
        findings.add(finding(facts, taking, before, use));
      } else if (!powers.known(taking)) {
        unjudged = true;
      }
    }
    if (!findings.isEmpty()) {
      return new Scan.Found(findings);
    }
    return unjudged
        ? new Scan.NotAnalysed("who had the power before that was handed over is not known")
        : new Scan.Clean();
  }

  /**
   * The frame by which the power was used: the contract ran code of the sender's side, or that side
   * gains for nothing and the contract paid it, or was called by it once more.
   */
  private static OptionalInt use(TraceFacts facts, Taking taking) {
    Address over = taking.over();
    List<CallFrame> frames = facts.trace().frames();
    boolean gain = !facts.gains().isEmpty() && facts.given().isEmpty();
    for (CallFrame frame : frames.subList(taking.frame() + 1, frames.size())) {
      boolean foreign =
          frame.kind() == FrameKind.DELEGATECALL
              && frame.from().equals(over)
              && !frame.to().equals(over)
              && facts.controlled().contains(frame.to());
      boolean again =
          gain
              && frame.kind() == FrameKind.CALL
              && frame.to().equals(over)
              && facts.controlled().contains(frame.from())
              && !Selectors.TOKEN_CALLS.contains(frame.selector());
      if (!frame.failed() && (foreign || again)) {
        return OptionalInt.of(frame.index());
      }
    }
    for (Flow flow : gain ? facts.paid(over) : List.<Flow>of()) {
      if (flow.frame() > taking.frame()
          && facts.controlled().contains(flow.to())
          && facts.gains().containsKey(flow.asset())) {
        return OptionalInt.of(flow.frame());
      }
    }
    return OptionalInt.empty();
  }

  private static Finding finding(
      TraceFacts facts, Taking taking, Set<Address> before, OptionalInt use) {
    List<Loss> losses = losses(facts, taking.over());
    Evidence evidence = Evidence.of(facts, taking.over(), losses).and(taking.frame());
    use.ifPresent(evidence::and);
    List<String> assumptions = new ArrayList<>();
    if (before.isEmpty()) {
      assumptions.add("whoever had the power before is not known, and held to be somebody else");
    } else {
      assumptions.add(
          "nobody but who had the power (" + before.iterator().next() + ") may give it");
    }
    String what =
        switch (taking.kind()) {
          case HANDOVER -> "The sender's side was put in power over it";
          case UPGRADE -> "Its code was exchanged by the sender's side";
          case INITIALISATION -> "It was set up for the sender's side";
        };
    return new Finding(
        List.of(METADATA.id()),
        use.isPresent() ? Severity.CRITICAL : Severity.HIGH,
        taking.over(),
        losses,
        evidence.explain(
            what
                + (before.isEmpty() ? "" : " though another had that power and took no part")
                + use.stream()
                    .mapToObj(_ -> ", and that power was used at once")
                    .findFirst()
                    .orElse("")
                + ".",
            assumptions));
  }

  private static List<Loss> losses(TraceFacts facts, Address account) {
    List<Loss> losses = new ArrayList<>();
    for (Map.Entry<Asset, BigInteger> lost : facts.losses(account).entrySet()) {
      if (facts.taken(account, lost.getKey()) && !facts.controlled().contains(account)) {
        double share = facts.share(account, lost.getKey(), lost.getValue()).orElse(0);
        losses.add(new Loss(lost.getKey(), lost.getValue(), share));
      }
    }
    return losses;
  }
}
