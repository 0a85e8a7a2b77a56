package io.tocsin.exposure;

import io.tocsin.base.AccountId;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.chain.Agreement;
import io.tocsin.chain.CallFrame;
import io.tocsin.chain.CodeFingerprint;
import io.tocsin.chain.FrameKind;
import io.tocsin.chain.TxTrace;
import io.tocsin.exposure.OwnEvidence.FrameCode;
import io.tocsin.exposure.OwnEvidence.Read;
import io.tocsin.exposure.OwnEvidence.SubjectFacts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What must be read from the chain to judge the exposures of a claim, found in this node's own
 * trace of the claimed transaction: the code of the subject, of the frames that prove its loss, and
 * of the contracts on whose answers it relied.
 */
public final class Inquiry {
  private static final Set<Integer> MOVES =
      Set.of(
          0xa9059cbb, // transfer(address,uint256)
          0x23b872dd, // transferFrom(address,address,uint256)
          0x095ea7b3, // approve(address,uint256)
          0x40c10f19, // mint(address,uint256)
          0x9dc29fac, // burn(address,uint256)
          0x42966c68, // burn(uint256)
          0xd0e30db0, // deposit(), of wrapped native currency
          0x2e1a7d4d); // withdraw(uint256), of the same

  /** Callbacks, whose answer only says that they were understood. */
  private static final Set<Integer> CALLBACKS =
      Set.of(
          0x150b7a02, // onERC721Received(address,address,uint256,bytes)
          0xf23a6e61, // onERC1155Received(address,address,uint256,uint256,bytes)
          0xbc197c81, // onERC1155BatchReceived(address,address,uint256[],uint256[],bytes)
          0x23e30c8b, // onFlashLoan(address,address,uint256,uint256,bytes), ERC-3156
          0x920f5c84, // executeOperation(address[],uint256[],uint256[],address,bytes), Aave
          0x1b11d0ff); // executeOperation(address,uint256,uint256,address,bytes), Aave

  private static final int BALANCE_OF = 0x70a08231;
  private static final int MAX_EDGES = 256;

  /** Precompiled contracts have addresses up to 0x01ff. */
  private static final Bytes PRECOMPILED = Bytes.of(new byte[18]);

  private final AccountId subject;
  private final Sight sight;
  private final Map<Integer, Address> frames;
  private final Set<Edge> edges;

  private Inquiry(AccountId subject, Sight sight, Map<Integer, Address> frames, Set<Edge> edges) {
    this.subject = subject;
    this.sight = sight;
    this.frames = frames;
    this.edges = edges;
  }

  private record Edge(Address reader, Address source) {}

  /** The inquiry about {@code subject}, in {@code trace}, of which {@code sight} is the scan. */
  public static Inquiry of(TxTrace trace, Address subject, Sight sight) {
    return new Inquiry(
        new AccountId(trace.chain(), subject),
        sight,
        lossFrames(trace, subject, sight),
        edges(trace));
  }

  /** Frames on the subject's storage that prove the loss, with the account whose code they run. */
  private static Map<Integer, Address> lossFrames(TxTrace trace, Address subject, Sight sight) {
    Map<Integer, Address> found = new TreeMap<>();
    if (!(sight instanceof Sight.Harmed harmed)) {
      return found;
    }
    Set<Address> lost = new LinkedHashSet<>();
    harmed.losses().forEach(loss -> loss.asset().token().ifPresent(lost::add));
    boolean lostNative = harmed.losses().stream().anyMatch(l -> l.asset().token().isEmpty());
    for (CallFrame frame : trace.frames()) {
      boolean proves =
          harmed.frames().contains(frame.index())
              || (!frame.failed()
                  && frame.from().equals(subject)
                  && !frame.kind().borrowsCode()
                  && frame.kind() != FrameKind.STATICCALL
                  && (lost.contains(frame.to())
                      || (lostNative && frame.moved().amount().signum() > 0)));
      if (proves) {
        nearest(trace, frame, subject).ifPresent(at -> found.put(at.index(), at.to()));
      }
    }
    return found;
  }

  private static Optional<CallFrame> nearest(TxTrace trace, CallFrame frame, Address subject) {
    CallFrame at = frame;
    while (true) {
      if (at.account().equals(subject) && !at.kind().creates()) {
        return Optional.of(at);
      }
      if (at.parent() < 0) {
        return Optional.empty();
      }
      at = trace.frame(at.parent());
    }
  }

  /**
   * Who took an answer from whom. A call that returns nothing, or only moves a token, is no answer;
   * asking a token for somebody's balance makes that somebody a source as well. Beyond 256 answers
   * the rest is represented by the zero address, which nobody approves.
   */
  private static Set<Edge> edges(TxTrace trace) {
    Set<Edge> edges = new LinkedHashSet<>();
    for (CallFrame frame : trace.frames()) {
      if (frame.kind().borrowsCode()
          || frame.kind().creates()
          || frame.output().size() < 32
          || MOVES.contains(frame.selector())
          || CALLBACKS.contains(frame.selector())
          || precompiled(frame.to())) {
        continue;
      }
      if (edges.size() >= MAX_EDGES) {
        addEdge(edges, frame.from(), Address.ZERO);
        continue;
      }
      Address reader = frame.from();
      addEdge(edges, reader, frame.to());
      if (frame.selector() == BALANCE_OF && frame.input().size() >= 36) {
        addEdge(edges, reader, Address.of(frame.input().slice(16, 36).toArray()));
      }
    }
    return edges;
  }

  private static boolean precompiled(Address account) {
    Bytes bytes = account.bytes();
    return bytes.slice(0, 18).equals(PRECOMPILED) && bytes.at(18) <= 1;
  }

  private static void addEdge(Set<Edge> edges, Address reader, Address source) {
    if (!reader.equals(source)) {
      edges.add(new Edge(reader, source));
    }
  }

  /** The accounts whose code must be read, behind proxies, at the parent block. */
  public Set<Address> accounts() {
    Set<Address> all = new LinkedHashSet<>();
    all.add(subject.address());
    all.addAll(frames.values());
    reachable().forEach(edge -> all.add(edge.source()));
    return all;
  }

  private List<Edge> reachable() {
    List<Edge> found = new ArrayList<>();
    Set<Address> readers = new LinkedHashSet<>(Set.of(subject.address()));
    boolean grew = true;
    while (grew) {
      grew = false;
      for (Edge edge : edges) {
        if (readers.contains(edge.reader()) && !found.contains(edge)) {
          found.add(edge);
          readers.add(edge.source());
          grew = true;
        }
      }
    }
    return found;
  }

  /**
   * The evidence, once the code is read.
   *
   * @param codes what was read of {@link #accounts}; what is absent could not be read
   * @param knownSince the time of the oldest block at which the subject is known to have had code
   */
  public OwnEvidence evidence(
      Agreement agreement, Map<Address, CodeFingerprint> codes, Optional<Instant> knownSince) {
    return new OwnEvidence(
        sight,
        agreement,
        new SubjectFacts(Optional.ofNullable(codes.get(subject.address())), knownSince),
        frames.entrySet().stream()
            .map(
                e ->
                    new FrameCode(
                        e.getKey(), e.getValue(), Optional.ofNullable(codes.get(e.getValue()))))
            .toList(),
        reachable().stream()
            .map(e -> new Read(e.reader(), e.source(), Optional.ofNullable(codes.get(e.source()))))
            .toList());
  }
}
