package io.tocsin.claim;

import io.tocsin.base.Address;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.claim.Claim.AllClear;
import io.tocsin.claim.Claim.BlockStamp;
import io.tocsin.claim.Claim.ExploitMined;
import io.tocsin.claim.Claim.ExploitPending;
import io.tocsin.claim.Claim.RosterChanged;
import io.tocsin.claim.Claim.Subject;
import io.tocsin.claim.Claim.Turn;
import io.tocsin.claim.Evidence.Fact;
import io.tocsin.claim.Evidence.Lost;
import io.tocsin.crypto.Keccak;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Seeded claims and reports for tests. */
public final class Samples {
  /** The time of sample blocks. */
  public static final Instant BLOCK_TIME = Instant.parse("2026-06-01T00:00:01Z");

  private Samples() {}

  private static Hash32 hash(String what, long seed) {
    return Keccak.hashUtf8(what + seed);
  }

  /** A victim. */
  public static Subject subject(long seed) {
    return new Subject(Address.fromWord(hash("subject", seed)), hash("code", seed));
  }

  /** A mined exploit. */
  public static ExploitMined mined(long seed) {
    return new ExploitMined(
        ChainId.evm(1),
        hash("tx", seed),
        new BlockStamp(hash("block", seed), BLOCK_TIME),
        subject(seed));
  }

  /** A pending exploit. */
  public static ExploitPending pending(long seed) {
    return new ExploitPending(
        ChainId.evm(31337),
        hash("tx", seed),
        new Turn(Address.fromWord(hash("sender", seed)), seed),
        new BlockStamp(hash("head", seed), BLOCK_TIME),
        subject(seed));
  }

  /** The end of a mined exploit's claim. */
  public static AllClear allClear(long seed) {
    return new AllClear(mined(seed).id(), ChainId.evm(1), hash("canonical", seed));
  }

  /** A change of the roster. */
  public static RosterChanged rosterChanged() {
    return new RosterChanged(2, hash("roster", 2));
  }

  /** One claim of each kind. */
  public static List<Claim> everyKind() {
    return List.of(mined(1), pending(2), allClear(3), rosterChanged());
  }

  /** A report about {@code claim}. */
  public static Report report(Claim claim) {
    Fact fact =
        new Fact(
            List.of("value-conservation"),
            "critical",
            List.of(
                new Lost(Optional.empty(), new BigInteger("1000000000000000000000"), 0.25),
                new Lost(Optional.of(Address.fromWord(hash("token", 1))), BigInteger.TEN, 1e-7)),
            "The vault lost a quarter of what it held.",
            List.of(0, 7, 12),
            List.of("no transfer fee"));
    return new Report(
        claim,
        new Evidence(OptionalLong.of(20_000_000), List.of(fact), Optional.of(hash("reads", 1))),
        "The vault lost a quarter of what it held, in one transaction.");
  }
}
