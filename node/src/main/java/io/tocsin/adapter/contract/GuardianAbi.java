package io.tocsin.adapter.contract;

import com.esaulpaugh.headlong.abi.Tuple;
import com.esaulpaugh.headlong.abi.TupleType;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.claim.Claim;
import io.tocsin.crypto.Keccak;
import io.tocsin.identity.Roster;
import io.tocsin.policy.BudgetClass;
import io.tocsin.policy.Judgement;
import io.tocsin.policy.Lever;
import io.tocsin.policy.Limits;
import io.tocsin.policy.Mandate;
import io.tocsin.quorum.QuorumCertificate;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Our values as the tuples of {@code Guardian.sol}. */
final class GuardianAbi {
  static final Artifact GUARDIAN = Artifact.published("Guardian");

  private static final TupleType<Tuple> MINED =
      TupleType.parse("((string,bytes32,bytes32,uint64,address,bytes32))");
  private static final TupleType<Tuple> PENDING =
      TupleType.parse("((string,bytes32,address,uint64,bytes32,uint64,address,bytes32))");
  private static final TupleType<Tuple> ALL_CLEAR = TupleType.parse("((bytes32,string,bytes32))");
  private static final TupleType<Tuple> ROSTER_CHANGED = TupleType.parse("((uint64,bytes32))");
  private static final String MANDATE =
      "((address,address,bytes,bytes,(address,bytes,bytes32,bytes32)),uint8,uint8,address[],"
          + "bytes32,(uint32,uint32,uint32,uint32,uint64))";
  private static final TupleType<Tuple> NUMBERED_MANDATE =
      TupleType.parse("(" + MANDATE + ",uint256)");

  private static final Judgement UNCONDITIONAL =
      new Judgement(
          Judgement.Mode.ACT, Optional.empty(), Judgement.UnknownRisk.ACT, Judgement.Approval.NONE);

  private GuardianAbi() {}

  static com.esaulpaugh.headlong.abi.Address word(Address address) {
    return com.esaulpaugh.headlong.abi.Address.wrap(
        com.esaulpaugh.headlong.abi.Address.toChecksumAddress(
            new BigInteger(1, address.toArray())));
  }

  static com.esaulpaugh.headlong.abi.Address[] words(List<Address> addresses) {
    return addresses.stream()
        .map(GuardianAbi::word)
        .toArray(com.esaulpaugh.headlong.abi.Address[]::new);
  }

  static Address address(com.esaulpaugh.headlong.abi.Address word) {
    return Address.hex(word.toString());
  }

  static byte[][] words(Iterable<Hash32> hashes) {
    List<byte[]> all = new ArrayList<>();
    hashes.forEach(hash -> all.add(hash.toArray()));
    return all.toArray(byte[][]::new);
  }

  private static BigInteger uint(long value) {
    return BigInteger.valueOf(value);
  }

  private static BigInteger uint(Instant time) {
    return uint(time.getEpochSecond());
  }

  static Tuple charter(Charter charter) {
    return Tuple.from(
        word(charter.owner()),
        charter.federation().toArray(),
        charter.rosterDelay().toSeconds(),
        charter.widenDelay().toSeconds(),
        charter.pausedCap().toSeconds());
  }

  static Tuple roster(Roster roster) {
    Tuple[] seats =
        roster.seats().stream()
            .map(s -> Tuple.from(word(s.account()), uint(s.weight()), s.operator().toArray()))
            .toArray(Tuple[]::new);
    return Tuple.from(
        uint(roster.epoch()),
        roster.parent().toArray(),
        uint(roster.term().from()),
        uint(roster.term().until()),
        seats,
        roster.details().toArray());
  }

  static Tuple mandate(Terms terms) {
    Lever lever = terms.mandate().lever();
    Lever.Probe probe = lever.calls().probe();
    Limits limits = terms.mandate().limits();
    return Tuple.from(
        Tuple.from(
            word(lever.target()),
            word(lever.safe()),
            lever.calls().call().toArray(),
            lever.calls().release().toArray(),
            Tuple.from(
                word(probe.account()),
                probe.call().toArray(),
                probe.mask().toArray(),
                probe.expected().toArray())),
        terms.mandate().budgetClass().code(),
        terms.mandate().budgetClass().kinds(),
        words(terms.callers()),
        terms.subjectsRoot().toArray(),
        Tuple.from(
            limits.maxAge().toSeconds(),
            (long) limits.uses(),
            limits.cooldown().toSeconds(),
            limits.duration().toSeconds(),
            uint(limits.expiry())));
  }

  /**
   * The mandate behind {@code id} as it is on chain. What only the node asks for is not there: it
   * is written as a mandate that acts without further conditions.
   *
   * @throws ChainException if it is nothing that a guardian takes
   */
  static Terms terms(Hash32 id, Tuple m) throws ChainException {
    Tuple lever = m.get(0);
    Tuple probe = lever.get(4);
    Tuple limits = m.get(5);
    int budget = m.get(1);
    int kinds = m.get(2);
    BudgetClass budgetClass =
        Arrays.stream(BudgetClass.values())
            .filter(c -> c.code() == budget && c.kinds() == kinds)
            .findFirst()
            .orElseThrow(
                () -> new ChainException(id + ": class " + budget + " with kinds " + kinds));
    try {
      return new Terms(
          new Mandate(
              id.toString(),
              id,
              budgetClass,
              new Lever(
                  "its call",
                  address(lever.get(0)),
                  address(lever.get(1)),
                  new Lever.Calls(
                      Bytes.of(lever.<byte[]>get(2)),
                      Bytes.of(lever.<byte[]>get(3)),
                      new Lever.Probe(
                          address(probe.get(0)),
                          Bytes.of(probe.<byte[]>get(1)),
                          Hash32.of(probe.<byte[]>get(2)),
                          Hash32.of(probe.<byte[]>get(3)))),
                  1,
                  List.of()),
              new Limits(
                  seconds(limits.get(0)),
                  (int) number(limits.get(1)),
                  seconds(limits.get(2)),
                  seconds(limits.get(3)),
                  time(limits.get(4))),
              UNCONDITIONAL),
          Arrays.stream(m.<com.esaulpaugh.headlong.abi.Address[]>get(3))
              .map(GuardianAbi::address)
              .toList(),
          Hash32.of(m.<byte[]>get(4)));
    } catch (IllegalArgumentException e) {
      throw new ChainException(id + ": " + e.getMessage());
    }
  }

  /** The name a guardian gives to the {@code index}-th mandate it is told of, from 0. */
  static Hash32 mandateId(Terms terms, int index) {
    return Keccak.hash(NUMBERED_MANDATE.encode(Tuple.from(mandate(terms), uint(index))).array());
  }

  static Tuple certificate(QuorumCertificate certificate) {
    return certificate(
        certificate.claim().kind().code(),
        claim(certificate.claim()),
        certificate.epoch(),
        certificate.signatures());
  }

  static Tuple certificate(int kind, Bytes claim, long epoch, Bytes signatures) {
    return Tuple.from(kind, claim.toArray(), uint(epoch), signatures.toArray());
  }

  /** {@code abi.encode} of the claim's struct. */
  static Bytes claim(Claim claim) {
    return switch (claim) {
      case Claim.ExploitMined c ->
          encode(
              MINED,
              c.chain().toString(),
              c.tx().toArray(),
              c.block().hash().toArray(),
              uint(c.block().time()),
              word(c.subject().address()),
              c.subject().code().toArray());
      case Claim.ExploitPending c ->
          encode(
              PENDING,
              c.chain().toString(),
              c.tx().toArray(),
              word(c.turn().sender()),
              uint(c.turn().nonce()),
              c.head().hash().toArray(),
              uint(c.head().time()),
              word(c.subject().address()),
              c.subject().code().toArray());
      case Claim.AllClear c ->
          encode(ALL_CLEAR, c.claimId().toArray(), c.chain().toString(), c.block().toArray());
      case Claim.RosterChanged c ->
          encode(ROSTER_CHANGED, uint(c.epoch()), c.rosterHash().toArray());
    };
  }

  private static Bytes encode(TupleType<Tuple> type, Object... fields) {
    return Bytes.of(type.encode(Tuple.from((Object) Tuple.from(fields))).array());
  }

  static long number(Object value) {
    return ((Number) value).longValue();
  }

  static Instant time(Object seconds) {
    return Instant.ofEpochSecond(number(seconds));
  }

  static Duration seconds(Object value) {
    return Duration.ofSeconds(number(value));
  }
}
