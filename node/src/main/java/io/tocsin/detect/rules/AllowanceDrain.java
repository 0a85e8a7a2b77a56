package io.tocsin.detect.rules;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.chain.CallFrame;
import io.tocsin.chain.FrameKind;
import io.tocsin.detect.Asset;
import io.tocsin.detect.Detector;
import io.tocsin.detect.Evidence;
import io.tocsin.detect.Finding;
import io.tocsin.detect.Loss;
import io.tocsin.detect.Metadata;
import io.tocsin.detect.Recoveries;
import io.tocsin.detect.Scan;
import io.tocsin.detect.Selectors;
import io.tocsin.detect.Severity;
import io.tocsin.detect.TraceFacts;
import java.math.BigInteger;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds owners whose tokens were taken by a call that the sender made a contract of others do. */
public final class AllowanceDrain implements Detector {
  /** Of many owners that are drained at once, the first this many are named. */
  private static final int MOST = 256;

  /** A call of {@code transferFrom}: its selector and three words. */
  private static final int TAKING = 4 + 3 * 32;

  private static final Metadata METADATA =
      new Metadata(
          "allowance-drain",
          "Allowance used by a call that the sender dictated",
          Severity.CRITICAL,
          new Metadata.Story(
              "A contract that others have allowed to move their tokens calls a token's"
                  + " transferFrom for one of them, word by word as it stands in the sender's call"
                  + " data, while that owner takes no part, signs nothing and gets nothing; or a"
                  + " contract outside approves the sender's side for a token that this side"
                  + " named, which then takes what the contract holds and gives nothing.",
              "A swap aggregator calls whatever target its caller names with whatever data. A"
                  + " stranger names a token and has the aggregator transfer the tokens of"
                  + " everyone who ever approved it."),
          List.of(
              "A contract that makes up the call itself from an owner's address in its arguments"
                  + " is left to value conservation.",
              "An owner who calls, is called, is paid or whose signature is checked in the"
                  + " transaction is taken to have agreed.",
              "Somebody who moves, through a contract of his own that was not seen being made, what"
                  + " a second account of his had allowed it, looks the same."),
          List.of(
              URI.create("https://eips.ethereum.org/EIPS/eip-20"),
              URI.create("https://cwe.mitre.org/data/definitions/610.html")));

  private record Approval(Address owner, Address token, Address spender) {}

  /** What was taken of an owner, and the frames that did it. */
  private record Drain(Set<Asset> assets, Set<Integer> frames, boolean dictated) {}

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
    if (facts.gains().isEmpty()) {
      return new Scan.Clean();
    }
    List<Finding> findings = new ArrayList<>();
    drains(facts)
        .forEach(
            (owner, drain) -> {
              List<Loss> losses = losses(facts, owner, drain);
              if (!losses.isEmpty()) {
                findings.add(finding(facts, owner, drain, losses));
              }
            });
    return findings.isEmpty() ? new Scan.Clean() : new Scan.Found(findings);
  }

  private static Map<Address, Drain> drains(TraceFacts facts) {
    Map<Address, Drain> all = new LinkedHashMap<>();
    Map<Approval, Integer> approved = new HashMap<>();
    Map<Integer, Set<Bytes>> written = new HashMap<>();
    Set<Address> signers = new HashSet<>();
    Recoveries.of(facts.trace()).forEach(r -> r.signer().ifPresent(signers::add));
    boolean even = facts.given().isEmpty();
    for (CallFrame frame : facts.trace().frames()) {
      if (frame.failed() || frame.kind() != FrameKind.CALL) {
        continue;
      }
      if (frame.selector() == Selectors.APPROVE && frame.input().size() >= TAKING - 32) {
        Approval given = new Approval(frame.from(), frame.to(), account(frame.input(), 0));
        if (facts.controlled().contains(given.spender()) && named(facts, frame)) {
          approved.putIfAbsent(given, frame.index());
        }
      }
      if (frame.selector() != Selectors.TRANSFER_FROM || frame.input().size() < TAKING) {
        continue;
      }
      Address owner = account(frame.input(), 0);
      Integer approval = approved.get(new Approval(owner, frame.to(), frame.from()));
      boolean own = facts.controlled().contains(owner) || owner.equals(frame.from());
      boolean paid = !facts.gains(owner).isEmpty();
      if (own || paid || (all.size() >= MOST && !all.containsKey(owner))) {
        continue;
      }
      if (!facts.tookPart(owner) && !signers.contains(owner) && dictated(facts, frame, written)) {
        add(all, owner, frame, frame.index(), true);
      } else if (approval != null && even && !facts.made(owner)) {
        add(all, owner, frame, approval, false);
      }
    }
    return all;
  }

  /** Whether the sender's side named token and spender in the call that led to the approval. */
  private static boolean named(TraceFacts facts, CallFrame approval) {
    Bytes data = facts.trace().frame(facts.operation(approval.index())).input();
    Bytes spender = approval.input().slice(4, 36);
    Bytes token = approval.to().toWord().bytes();
    boolean spends = false;
    boolean tells = false;
    for (int at = 4, word = 0; at + 32 <= data.size() && word < MOST; at += 32, word++) {
      Bytes here = data.slice(at, at + 32);
      tells = tells || here.equals(token);
      spends = spends || here.equals(spender);
      spends = spends || (at + 36 <= data.size() && data.slice(at + 4, at + 36).equals(spender));
    }
    return spends && tells;
  }

  private static void add(
      Map<Address, Drain> all, Address owner, CallFrame frame, int cause, boolean dictated) {
    Drain drain =
        all.computeIfAbsent(
            owner, _ -> new Drain(new HashSet<>(), new LinkedHashSet<>(), dictated));
    drain.assets().add(new Asset.Token(frame.to()));
    drain.frames().add(cause);
    drain.frames().add(frame.index());
  }

  /**
   * Whether {@code taking}, by which a contract of others gives the sender's side what an owner
   * has, stands word by word in what that side called out with.
   */
  private static boolean dictated(
      TraceFacts facts, CallFrame taking, Map<Integer, Set<Bytes>> written) {
    Address spender = taking.from();
    CallFrame root = facts.trace().root();
    boolean entry = spender.equals(root.to()) && !root.kind().creates();
    boolean ours =
        entry
            ? facts.creator(spender).filter(facts.trace().sender()::equals).isPresent()
            : facts.controlled().contains(spender);
    Address to = account(taking.input(), 1);
    boolean arrives =
        facts.controlled().contains(to)
            ? !to.equals(spender)
            : facts.gains().containsKey(new Asset.Token(taking.to()));
    if (ours || !arrives) {
      return false;
    }
    int at = entry ? 0 : facts.operation(taking.index());
    return written
        .computeIfAbsent(at, i -> written(facts.trace().frame(i)))
        .contains(taking.input().slice(0, TAKING));
  }

  /** The calls of {@code transferFrom} that stand in the data of {@code call}. */
  private static Set<Bytes> written(CallFrame call) {
    Set<Bytes> all = new HashSet<>();
    Bytes data = call.kind().creates() ? Bytes.EMPTY : call.input();
    for (int at = 4; at + TAKING <= data.size(); at++) {
      if (Selectors.at(data, at) == Selectors.TRANSFER_FROM) {
        all.add(data.slice(at, at + TAKING));
      }
    }
    return all;
  }

  private static Address account(Bytes input, int number) {
    int at = 4 + 32 * number;
    return new Address(input.slice(at + 12, at + 32));
  }

  private static List<Loss> losses(TraceFacts facts, Address owner, Drain drain) {
    List<Loss> losses = new ArrayList<>();
    for (Map.Entry<Asset, BigInteger> lost : facts.losses(owner).entrySet()) {
      Asset asset = lost.getKey();
      boolean owed = !drain.dictated() && facts.consented(owner, asset);
      if (drain.assets().contains(asset) && facts.taken(owner, asset) && !owed) {
        double share = facts.share(owner, asset, lost.getValue()).orElse(0);
        losses.add(new Loss(asset, lost.getValue(), share));
      }
    }
    return losses;
  }

  private static Finding finding(TraceFacts facts, Address owner, Drain drain, List<Loss> losses) {
    Evidence evidence = Evidence.of(facts, owner, losses);
    drain.frames().forEach(evidence::and);
    return new Finding(
        List.of(METADATA.id()),
        Severity.CRITICAL,
        owner,
        losses,
        evidence.explain(
            drain.dictated()
                ? "A contract that it had allowed to was made to take its tokens, by a call that"
                    + " the sender wrote out."
                : "It was made to approve the sender's side, which took its tokens at once.",
            drain.dictated()
                ? List.of("it had allowed that contract something else than this")
                : List.of("it owed the sender's side nothing")));
  }
}
