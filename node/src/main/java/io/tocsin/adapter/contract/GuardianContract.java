package io.tocsin.adapter.contract;

import com.esaulpaugh.headlong.abi.Tuple;
import io.tocsin.base.AccountId;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.chain.TxCall;
import io.tocsin.claim.Claim;
import io.tocsin.crypto.Signature;
import io.tocsin.identity.Roster;
import io.tocsin.quorum.QuorumCertificate;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A deployed guardian: its calls as transactions to be sent, its views as answers the endpoints
 * agree on. Immutable.
 */
public final class GuardianContract {
  private static final Artifact ABI = GuardianAbi.GUARDIAN;

  private final Address address;
  private final ChainAccess access;

  /** The guardian at {@code address}. */
  public GuardianContract(Address address, ChainAccess access) {
    this.address = address;
    this.access = access;
  }

  /** How a mandate stands. */
  public record Standing(
      Hash32 leverId,
      Instant activeFrom,
      Instant lastTrip,
      Instant expiry,
      long usesLeft,
      boolean vetoed) {}

  /**
   * A pause in force.
   *
   * @param at when it began; the epoch if there is none
   * @param lastBlock the last block of a pending trip, zero for others
   */
  public record Trip(Instant at, Instant until, long lastBlock, boolean ratified) {
    /** Whether there is one. */
    public boolean inForce() {
      return at.getEpochSecond() != 0;
    }
  }

  /** What a guardian has on record of an epoch; a zero hash if nothing. */
  public record Epoch(
      Hash32 hash, Instant from, Instant validUntil, long members, BigInteger weight) {}

  /** The transaction that deploys a guardian. */
  public static TxCall deployment(Charter charter, Roster founding, List<Terms> mandates) {
    return TxCall.create(
        ABI.creation(
            GuardianAbi.charter(charter),
            GuardianAbi.roster(founding),
            mandates.stream().map(GuardianAbi::mandate).toArray(Tuple[]::new)));
  }

  /** The names that a new guardian gives to {@code mandates}, in order. */
  public static List<Hash32> mandateIds(List<Terms> mandates) {
    List<Hash32> ids = new ArrayList<>();
    for (int i = 0; i < mandates.size(); i++) {
      ids.add(GuardianAbi.mandateId(mandates.get(i), i));
    }
    return List.copyOf(ids);
  }

  /** The name that a guardian with {@code known} mandates gives to the next one. */
  public static Hash32 mandateId(Terms next, int known) {
    return GuardianAbi.mandateId(next, known);
  }

  /** Where it is. */
  public AccountId account() {
    return new AccountId(access.chain(), address);
  }

  private TxCall call(String method, Object... arguments) {
    return TxCall.of(address, ABI.call(method, arguments));
  }

  /** Pauses a mandate's target on a certificate. */
  public TxCall trip(Hash32 mandate, QuorumCertificate certificate, List<Hash32> proof) {
    return call(
        "trip", mandate.toArray(), GuardianAbi.certificate(certificate), GuardianAbi.words(proof));
  }

  /** Pauses a mandate's target on the caller's own word. */
  public TxCall tripLocal(Hash32 mandate, Address subject, Hash32 tx, List<Hash32> proof) {
    return call(
        "tripLocal",
        mandate.toArray(),
        GuardianAbi.word(subject),
        tx.toArray(),
        GuardianAbi.words(proof));
  }

  /** Ends a trip whose time is over; anyone may. */
  public TxCall release(Hash32 mandate) {
    return call("release", (Object) mandate.toArray());
  }

  /** Ends a trip by the owner's will. */
  public TxCall lift(Hash32 mandate) {
    return call("lift", (Object) mandate.toArray());
  }

  /** Makes a trip's pause the owner's own. */
  public TxCall ratify(Hash32 mandate) {
    return call("ratify", (Object) mandate.toArray());
  }

  /** Holds every pause of a target until the owner lets go. */
  public TxCall hold(Address target) {
    return call("hold", GuardianAbi.word(target));
  }

  /** Ends a hold. */
  public TxCall letGo(Address target) {
    return call("letGo", GuardianAbi.word(target));
  }

  /** Ends a mandate for ever. */
  public TxCall veto(Hash32 mandate) {
    return call("veto", (Object) mandate.toArray());
  }

  /** Lowers what is left of a mandate. */
  public TxCall narrow(Hash32 mandate, long usesLeft, Instant expiry) {
    return call("narrow", mandate.toArray(), usesLeft, BigInteger.valueOf(expiry.getEpochSecond()));
  }

  /** Takes a mandate from one of its callers. */
  public TxCall removeCaller(Hash32 mandate, Address caller) {
    return call("removeCaller", mandate.toArray(), GuardianAbi.word(caller));
  }

  /** Proposes a further mandate, active after the guardian's delay. */
  public TxCall propose(Terms terms) {
    return call("propose", (Object) GuardianAbi.mandate(terms));
  }

  /** Brings in the next roster on the vote of the one in force. */
  public TxCall rotate(Roster next, Bytes signatures) {
    return call("rotate", GuardianAbi.roster(next), signatures.toArray());
  }

  /** Refuses the roster that waits. */
  public TxCall vetoRoster() {
    return call("vetoRoster");
  }

  /** Takes all weight from a key on its own word. */
  public TxCall revoke(Address account, Signature signature) {
    return call("revoke", GuardianAbi.word(account), signature.bytes().toArray());
  }

  private Tuple view(String method, Object... arguments) throws ChainException {
    CallAnswer answer = access.read(address, ABI.call(method, arguments));
    return switch (answer) {
      case CallAnswer.Returned(Bytes data) -> {
        try {
          yield ABI.returned(method, data);
        } catch (MalformedException e) {
          throw new ChainException(
              account() + " is no guardian of this version: " + e.getMessage());
        }
      }
      case CallAnswer.Reverted(Bytes data) ->
          throw new ChainException(
              account() + " is no guardian: it refuses " + method + ", " + Refusal.decode(data));
      case CallAnswer.Unanswered(String reason) ->
          throw new ChainException(account() + ": no answer to " + method + ": " + reason);
    };
  }

  private Hash32 hash(String method, Object... arguments) throws ChainException {
    return Hash32.of(view(method, arguments).<byte[]>get(0));
  }

  private long number(String method, Object... arguments) throws ChainException {
    return GuardianAbi.number(view(method, arguments).get(0));
  }

  private Address address(String method) throws ChainException {
    return GuardianAbi.address(view(method).get(0));
  }

  private boolean flag(String method, Object... arguments) throws ChainException {
    return view(method, arguments).get(0);
  }

  /** Who owns it. */
  public Address owner() throws ChainException {
    return address("owner");
  }

  /** The federation whose certificates it takes. */
  public Hash32 federation() throws ChainException {
    return hash("federationId");
  }

  /** The EIP-712 domain separator of that federation. */
  public Hash32 domainSeparator() throws ChainException {
    return hash("domainSeparator");
  }

  /** The epoch in force. */
  public long currentEpoch() throws ChainException {
    return number("currentEpoch");
  }

  /** The newest epoch on record, which may still wait. */
  public long latestEpoch() throws ChainException {
    return number("latestEpoch");
  }

  /** The roster on record of an epoch. */
  public Epoch epoch(long epoch) throws ChainException {
    Tuple e = view("epochOf", BigInteger.valueOf(epoch)).get(0);
    return new Epoch(
        Hash32.of(e.<byte[]>get(0)),
        GuardianAbi.time(e.get(1)),
        GuardianAbi.time(e.get(2)),
        GuardianAbi.number(e.get(3)),
        e.get(4));
  }

  /** Whether a key counts nothing any more. */
  public boolean revoked(Address account) throws ChainException {
    return flag("revoked", GuardianAbi.word(account));
  }

  /** The most pause of a target in 30 days. */
  public Duration pausedCap() throws ChainException {
    return GuardianAbi.seconds(view("pausedCap").get(0));
  }

  /** How much pause of a target was granted in the last 30 days. */
  public Duration paused(Address target) throws ChainException {
    return GuardianAbi.seconds(view("pausedSeconds", GuardianAbi.word(target)).get(0));
  }

  /** Whether the owner holds every pause of a target. */
  public boolean held(Address target) throws ChainException {
    return flag("held", GuardianAbi.word(target));
  }

  /** The names of all mandates, in the order in which they were added. */
  public List<Hash32> mandates() throws ChainException {
    return Arrays.stream(view("mandateIds").<byte[][]>get(0)).map(Hash32::of).toList();
  }

  /** A mandate as it is on chain, with the callers that it was made with. */
  public Terms terms(Hash32 mandate) throws ChainException {
    return GuardianAbi.terms(mandate, view("mandateOf", (Object) mandate.toArray()).get(0));
  }

  /** Whether an account may still trip a mandate. */
  public boolean isCaller(Hash32 mandate, Address account) throws ChainException {
    return flag("isCaller", mandate.toArray(), GuardianAbi.word(account));
  }

  /** How a mandate stands; all zero for an unknown one. */
  public Standing standing(Hash32 mandate) throws ChainException {
    Tuple s = view("standingOf", (Object) mandate.toArray()).get(0);
    return new Standing(
        Hash32.of(s.<byte[]>get(0)),
        GuardianAbi.time(s.get(1)),
        GuardianAbi.time(s.get(2)),
        GuardianAbi.time(s.get(3)),
        GuardianAbi.number(s.get(4)),
        s.get(5));
  }

  /** The trip in force of a mandate. */
  public Trip trip(Hash32 mandate) throws ChainException {
    Tuple t = view("tripOf", (Object) mandate.toArray()).get(0);
    return new Trip(
        GuardianAbi.time(t.get(0)),
        GuardianAbi.time(t.get(1)),
        GuardianAbi.number(t.get(2)),
        t.get(4));
  }

  /** Whether the mandate's probe reads paused. */
  public boolean isPaused(Hash32 mandate) throws ChainException {
    return flag("isPaused", (Object) mandate.toArray());
  }

  /** Whether a mandate was used for this transaction; kind 0 is the local one. */
  public boolean consumed(Hash32 mandate, int kind, ChainId chain, Hash32 tx)
      throws ChainException {
    return flag("isConsumed", mandate.toArray(), kind, chain.toString(), tx.toArray());
  }

  /** The id of a claim as the contract computes it. */
  public Hash32 claimId(Claim claim) throws ChainException {
    return hash("claimId", claim.kind().code(), GuardianAbi.claim(claim).toArray());
  }

  /** What a member signs to attest, as the contract computes it. */
  public Hash32 attestationDigest(Hash32 claim, long epoch, int verdict) throws ChainException {
    return hash("attestationDigest", claim.toArray(), BigInteger.valueOf(epoch), verdict);
  }

  /** What a member signs to revoke its key, as the contract computes it. */
  public Hash32 revocationDigest(Address account) throws ChainException {
    return hash("revocationDigest", GuardianAbi.word(account));
  }

  /** The hash of a roster as the contract computes it. */
  public Hash32 rosterHash(Roster roster) throws ChainException {
    return hash("rosterHash", (Object) GuardianAbi.roster(roster));
  }

  /** The leaf of a permitted subject as the contract computes it. */
  public Hash32 subjectLeaf(AccountId subject) throws ChainException {
    return hash("subjectLeaf", subject.chain().toString(), GuardianAbi.word(subject.address()));
  }
}
