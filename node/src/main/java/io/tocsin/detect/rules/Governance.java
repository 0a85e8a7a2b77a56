package io.tocsin.detect.rules;

import io.tocsin.base.Address;
import io.tocsin.chain.CallFrame;
import io.tocsin.chain.FrameKind;
import io.tocsin.detect.Asset;
import io.tocsin.detect.Detector;
import io.tocsin.detect.Evidence;
import io.tocsin.detect.Finding;
import io.tocsin.detect.FlashLoan;
import io.tocsin.detect.Flow;
import io.tocsin.detect.Loss;
import io.tocsin.detect.Metadata;
import io.tocsin.detect.Powers;
import io.tocsin.detect.Scan;
import io.tocsin.detect.Selectors;
import io.tocsin.detect.Severity;
import io.tocsin.detect.TraceFacts;
import java.math.BigInteger;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/** Finds proposals that were passed with borrowed votes, or that rob those who vote on them. */
public final class Governance implements Detector {
  /** Of the proposals that a transaction executes, the first this many are judged. */
  private static final int MOST = 16;

  private static final Metadata METADATA =
      new Metadata(
          "governance",
          "Proposal passed with borrowed votes, or in favour of who executes it",
          Severity.CRITICAL,
          new Metadata.Story(
              "The sender's side votes and has the proposal executed in one transaction, while it"
                  + " holds something lent for the length of a call or votes that were delegated to"
                  + " it in the transaction; or it has a proposal executed that pays it half or"
                  + " more of what an account holds, runs its code, or puts it in power over a"
                  + " contract.",
              "With a flash loan a contract buys most of the votes, passes a proposal of its own"
                  + " that an emergency rule lets it execute at once, and the proposal sends it the"
                  + " treasury."),
          List.of(
              "Votes that are cast, and proposals that are executed, by functions of other names"
                  + " than the common ones are not seen.",
              "Votes bought, borrowed or cast in an earlier transaction are seen by what the"
                  + " proposal does only, and a proposal that favours somebody else than who"
                  + " executes it is not.",
              "A new head of an organisation who himself executes his appointment, or who is paid"
                  + " half of a small fund, looks the same."),
          List.of(
              URI.create("https://docs.openzeppelin.com/contracts/5.x/governance"),
              URI.create("https://arxiv.org/abs/2002.08099")));

  private record Proposal(CallFrame execution, int end, OptionalInt vote) {
    boolean holds(int frame) {
      return frame > execution.index() && frame < end;
    }
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
    Map<Address, Finding> found = new LinkedHashMap<>();
    boolean unjudged = false;
    for (Proposal proposal : proposals(facts)) {
      powers(facts, proposal, found);
      unjudged |= payments(facts, proposal, found);
      Address house = proposal.execution().to();
      if (proposal.vote().isPresent() && found.isEmpty()) {
        found.put(house, finding(facts, proposal, house, List.of(), List.of()));
      }
    }
    if (!found.isEmpty()) {
      return new Scan.Found(List.copyOf(found.values()));
    }
    return unjudged
        ? new Scan.NotAnalysed("the balance of an account that a proposal made pay is not known")
        : new Scan.Clean();
  }

  /** What is executed, each with the vote before it that was cast with borrowed votes, if any. */
  private static List<Proposal> proposals(TraceFacts facts) {
    List<Proposal> all = new ArrayList<>();
    Map<Address, Integer> votes = new LinkedHashMap<>();
    boolean delegated = false;
    boolean any =
        facts.trace().frames().stream().anyMatch(f -> Selectors.VOTE.contains(f.selector()));
    List<FlashLoan> loans = any ? facts.loans() : List.of();
    for (CallFrame frame : facts.trace().frames()) {
      if (frame.failed() || frame.kind() != FrameKind.CALL) {
        continue;
      }
      delegated |= Selectors.DELEGATE.contains(frame.selector());
      if (!facts.controlled().contains(frame.from())) {
        continue;
      }
      if (Selectors.VOTE.contains(frame.selector())
          && (delegated || borrowing(loans, frame.index()))) {
        votes.putIfAbsent(frame.to(), frame.index());
      } else if (Selectors.EXECUTE.contains(frame.selector()) && all.size() < MOST) {
        Integer vote = votes.get(frame.to());
        all.add(
            new Proposal(
                frame,
                facts.trace().end(frame.index()),
                vote == null ? OptionalInt.empty() : OptionalInt.of(vote)));
      }
    }
    return all;
  }

  private static boolean borrowing(List<FlashLoan> loans, int frame) {
    return loans.stream().anyMatch(l -> l.span().lent() < frame && frame < l.span().repaid());
  }

  /** Contracts that the sender's side was put in power over, or that ran its code. */
  private static void powers(TraceFacts facts, Proposal proposal, Map<Address, Finding> found) {
    Address house = proposal.execution().to();
    for (int at = proposal.execution().index() + 1; at < proposal.end(); at++) {
      CallFrame frame = facts.trace().frame(at);
      if (frame.failed()) {
        continue;
      }
      boolean given =
          frame.kind() == FrameKind.CALL
              && !facts.made(frame.to())
              && Powers.appointed(frame)
                  .filter(a -> facts.controlled().contains(a) && !a.equals(house))
                  .filter(a -> !a.equals(frame.to()) && !a.equals(frame.from()))
                  .isPresent();
      boolean foreign =
          frame.kind() == FrameKind.DELEGATECALL
              && !facts.controlled().contains(frame.from())
              && facts.controlled().contains(frame.to());
      if (given || foreign) {
        Address subject = given ? frame.to() : frame.from();
        found.putIfAbsent(
            subject, finding(facts, proposal, subject, losses(facts, subject), List.of(at)));
      }
    }
  }

  /** Adds who was made to pay; tells whether there is one of whom it is not known how much. */
  private static boolean payments(
      TraceFacts facts, Proposal proposal, Map<Address, Finding> found) {
    Map<Address, Set<Integer>> payers = new LinkedHashMap<>();
    for (Flow flow : facts.flows()) {
      if (proposal.holds(flow.frame())
          && facts.controlled().contains(flow.to())
          && facts.gains().containsKey(flow.asset())) {
        payers.computeIfAbsent(flow.from(), _ -> new LinkedHashSet<>()).add(flow.frame());
      }
    }
    boolean unjudged = false;
    for (Address payer : facts.losers()) {
      Set<Integer> frames = payers.get(payer);
      if (frames == null) {
        continue;
      }
      List<Loss> losses = losses(facts, payer);
      boolean forNothing = facts.given().isEmpty() && facts.gains(payer).isEmpty();
      boolean most =
          losses.stream().anyMatch(l -> l.shareOfBalance() >= facts.config().minShareIfGiven());
      if (!losses.isEmpty() && (proposal.vote().isPresent() || (forNothing && most))) {
        found.putIfAbsent(payer, finding(facts, proposal, payer, losses, List.copyOf(frames)));
      } else {
        unjudged |= forNothing && losses.stream().anyMatch(l -> l.shareOfBalance() == 0);
      }
    }
    return unjudged;
  }

  private static List<Loss> losses(TraceFacts facts, Address account) {
    List<Loss> losses = new ArrayList<>();
    if (facts.controlled().contains(account)) {
      return losses;
    }
    for (Map.Entry<Asset, BigInteger> lost : facts.losses(account).entrySet()) {
      OptionalDouble share = facts.share(account, lost.getKey(), lost.getValue());
      if (facts.taken(account, lost.getKey())) {
        losses.add(new Loss(lost.getKey(), lost.getValue(), share.orElse(0)));
      }
    }
    return losses;
  }

  private static Finding finding(
      TraceFacts facts,
      Proposal proposal,
      Address subject,
      List<Loss> losses,
      List<Integer> frames) {
    boolean borrowed = proposal.vote().isPresent();
    Evidence evidence = Evidence.of(facts, subject, losses).and(proposal.execution().index());
    proposal.vote().ifPresent(evidence::and);
    frames.forEach(evidence::and);
    String how =
        borrowed
            ? "A proposal was passed with borrowed votes and executed in the same transaction"
            : "A proposal was executed by whom it favours";
    String what =
        !losses.isEmpty()
            ? ", which made it pay the sender's side."
            : frames.isEmpty() ? "." : ", which gave the sender's side power over it.";
    return new Finding(
        List.of(METADATA.id()),
        borrowed && !frames.isEmpty() ? Severity.CRITICAL : Severity.HIGH,
        subject,
        losses,
        evidence.explain(
            how + what,
            borrowed
                ? List.of("the votes came from what was lent or delegated in the transaction")
                : List.of("those who voted for it did not know whom it favours")));
  }
}
