package io.tocsin.claim;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.claim.Claim.AllClear;
import io.tocsin.claim.Claim.BlockStamp;
import io.tocsin.claim.Claim.ExploitMined;
import io.tocsin.claim.Claim.ExploitPending;
import io.tocsin.claim.Claim.RosterChanged;
import io.tocsin.claim.Claim.Subject;
import io.tocsin.claim.Claim.Turn;
import io.tocsin.crypto.Rlp;
import java.time.Instant;
import java.util.List;

/**
 * The compact form of a claim: the RLP list of its kind's number and its EIP-712 fields in order.
 */
public final class ClaimWire {
  private static final int MAX_CHAIN = 41;

  /** The latest time taken, year 9999: later ones have no RFC 3339 form. */
  static final long MAX_SECONDS = 253_402_300_799L;

  private ClaimWire() {}

  /** The fields, for a message that contains a claim. */
  public static List<?> fields(Claim claim) {
    long code = claim.kind().code();
    return switch (claim) {
      case ExploitMined c ->
          List.of(
              code,
              c.chain().toString(),
              c.tx(),
              c.block().hash(),
              c.block().time().getEpochSecond(),
              c.subject().address(),
              c.subject().code());
      case ExploitPending c ->
          List.of(
              code,
              c.chain().toString(),
              c.tx(),
              c.turn().sender(),
              c.turn().nonce(),
              c.head().hash(),
              c.head().time().getEpochSecond(),
              c.subject().address(),
              c.subject().code());
      case AllClear c -> List.of(code, c.claimId(), c.chain().toString(), c.block());
      case RosterChanged c -> List.of(code, c.epoch(), c.rosterHash());
    };
  }

  /** The wire form. */
  public static Bytes encode(Claim claim) {
    return Rlp.encode(fields(claim));
  }

  /**
   * Reads the wire form.
   *
   * @throws MalformedException if {@code wire} is anything else
   */
  public static Claim decode(Bytes wire) throws MalformedException {
    return read(Rlp.read(wire, "claim"));
  }

  /**
   * Reads a claim that is one list of a message, to its end.
   *
   * @throws MalformedException if it is anything else
   */
  public static Claim read(Rlp.Reader reader) throws MalformedException {
    long code = reader.number("kind");
    ClaimKind kind =
        ClaimKind.ofCode(code).orElseThrow(() -> reader.fault("kind", "unknown: " + code));
    Claim claim =
        switch (kind) {
          case EXPLOIT_MINED ->
              new ExploitMined(
                  chain(reader), reader.hash("tx"), stamp(reader, "block"), subject(reader));
          case EXPLOIT_PENDING ->
              new ExploitPending(
                  chain(reader),
                  reader.hash("tx"),
                  new Turn(reader.address("sender"), reader.number("nonce")),
                  stamp(reader, "head"),
                  subject(reader));
          case ALL_CLEAR ->
              new AllClear(reader.hash("claimId"), chain(reader), reader.hash("block"));
          case ROSTER_CHANGED -> {
            long epoch = reader.number("epoch");
            if (epoch < 1) {
              throw reader.fault("epoch", "starts at 1");
            }
            yield new RosterChanged(epoch, reader.hash("rosterHash"));
          }
        };
    reader.end();
    return claim;
  }

  private static ChainId chain(Rlp.Reader reader) throws MalformedException {
    return ChainId.parse(reader.text("chain", MAX_CHAIN));
  }

  private static BlockStamp stamp(Rlp.Reader reader, String field) throws MalformedException {
    Hash32 hash = reader.hash(field);
    long seconds = reader.number(field + "Time");
    if (seconds > MAX_SECONDS) {
      throw reader.fault(field + "Time", "after the year 9999");
    }
    return new BlockStamp(hash, Instant.ofEpochSecond(seconds));
  }

  private static Subject subject(Rlp.Reader reader) throws MalformedException {
    Address address = reader.address("subject");
    return new Subject(address, reader.hash("subjectCode"));
  }
}
