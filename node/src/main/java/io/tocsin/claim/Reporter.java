package io.tocsin.claim;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.Position;
import io.tocsin.chain.StateReads;
import io.tocsin.chain.TxTrace;
import io.tocsin.claim.Claim.AllClear;
import io.tocsin.claim.Claim.BlockStamp;
import io.tocsin.claim.Claim.ExploitMined;
import io.tocsin.claim.Claim.ExploitPending;
import io.tocsin.claim.Claim.Subject;
import io.tocsin.claim.Claim.Turn;
import io.tocsin.claim.Evidence.Fact;
import io.tocsin.claim.Evidence.Lost;
import io.tocsin.crypto.Keccak;
import io.tocsin.detect.Asset;
import io.tocsin.detect.Finding;
import io.tocsin.detect.Loss;
import io.tocsin.detect.ScanReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Turns findings into reports, one a victim. Pure. */
public final class Reporter {
  private static final int MAX_TEXT = 2_000;
  private static final int MAX_FRAMES = 1_000;
  private static final int MAX_LIST = 32;

  private Reporter() {}

  /**
   * The claim that {@code subject} was harmed; empty when the trace does not know its place in the
   * chain.
   */
  public static Optional<Claim> claim(TxTrace trace, Subject subject) {
    return switch (trace.position()) {
      case Position.Mined(BlockRef block, Hash32 _) ->
          Optional.of(new ExploitMined(trace.chain(), trace.tx(), stamp(block), subject));
      case Position.Pending(BlockRef head, long nonce) ->
          Optional.of(
              new ExploitPending(
                  trace.chain(),
                  trace.tx(),
                  new Turn(trace.sender(), nonce),
                  stamp(head),
                  subject));
      case Position.Unknown _ -> Optional.empty();
    };
  }

  /** A block as claims name it. */
  public static BlockStamp stamp(BlockRef block) {
    return new BlockStamp(block.hash(), block.time());
  }

  /**
   * One report for each finding of {@code scan}.
   *
   * @param codes the normalised code hash of each victim at the parent block; a victim without one
   *     cannot be claimed and is left out
   */
  public static List<Report> write(
      TxTrace trace, ScanReport scan, StateReads reads, Map<Address, Hash32> codes) {
    List<Report> reports = new ArrayList<>();
    for (Finding finding : scan.findings()) {
      Optional<Hash32> code = Optional.ofNullable(codes.get(finding.subject()));
      code.flatMap(hash -> claim(trace, new Subject(finding.subject(), hash)))
          .map(
              claim ->
                  new Report(
                      claim,
                      new Evidence(number(trace), List.of(fact(finding)), digest(reads)),
                      cut(finding.why().summary(), Report.MAX_NARRATIVE)))
          .ifPresent(reports::add);
    }
    return reports;
  }

  /**
   * The report that {@code block}, which took the place of the claimed one, voids {@code claim}.
   */
  public static Report allClear(ExploitMined claim, BlockRef block) {
    return new Report(
        new AllClear(claim.id(), claim.chain(), block.hash()),
        new Evidence(OptionalLong.of(block.number()), List.of(), Optional.empty()),
        "Block "
            + claim.block().hash()
            + " is canonical no more; block "
            + block.number()
            + " is "
            + block.hash()
            + ". What was claimed of "
            + claim.subject().address()
            + " did not happen there.");
  }

  private static OptionalLong number(TxTrace trace) {
    return trace.position() instanceof Position.Mined(BlockRef block, Hash32 _)
        ? OptionalLong.of(block.number())
        : OptionalLong.empty();
  }

  private static Fact fact(Finding finding) {
    return new Fact(
        first(finding.detectors(), MAX_LIST),
        finding.severity().name().toLowerCase(Locale.ROOT),
        first(finding.losses(), MAX_LIST).stream().map(Reporter::lost).toList(),
        cut(finding.why().summary(), MAX_TEXT),
        first(finding.why().frames(), MAX_FRAMES),
        first(finding.why().assumptions(), MAX_LIST).stream()
            .map(text -> cut(text, MAX_TEXT))
            .toList());
  }

  private static <T> List<T> first(List<T> all, int max) {
    return all.subList(0, Math.min(all.size(), max));
  }

  private static String cut(String text, int max) {
    if (text.length() <= max) {
      return text;
    }
    return text.substring(0, Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max);
  }

  private static Lost lost(Loss loss) {
    Optional<Address> token =
        switch (loss.asset()) {
          case Asset.Native _ -> Optional.empty();
          case Asset.Token(Address address) -> Optional.of(address);
        };
    return new Lost(token, loss.amount(), loss.shareOfBalance());
  }

  /** The Keccak-256 hash of one {@code query=value} line a read, sorted. */
  private static Optional<Hash32> digest(StateReads reads) {
    if (reads.values().isEmpty()) {
      return Optional.empty();
    }
    StringBuilder lines = new StringBuilder();
    reads.values().entrySet().stream()
        .map(read -> read.getKey() + "=" + read.getValue())
        .sorted()
        .forEach(line -> lines.append(line).append('\n'));
    return Optional.of(Keccak.hash(Bytes.utf8(lines.toString())));
  }
}
