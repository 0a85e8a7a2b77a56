package io.tocsin.identity;

import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.JsonFields;
import io.tocsin.base.MalformedException;
import io.tocsin.crypto.SignatureMemo;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The file that every member of a federation keeps: its rosters from the founding one, and the
 * revocations. The last roster may still be collecting signatures.
 *
 * <p>Loading comes to what a node that ran all the time came to. Each revocation says which epoch
 * was the latest when it was taken in, and is applied before the rosters of all later epochs: the
 * revoked key's vote for them weighs nothing, and one that seats it is refused. A revocation
 * without that date is applied as soon as its owner is a member, so that a vote of a key never
 * counts because nobody knows whether it was revoked before.
 *
 * @param nonce tells federations with equal founding rosters apart
 */
public record FederationFile(
    Hash32 nonce, List<SignedRoster> rosters, List<DatedRevocation> revocations) {
  private static final String FORMAT = "tocsin-federation/1";
  private static final int MAX_ROSTERS = 10_000;

  public FederationFile {
    rosters = List.copyOf(rosters);
    revocations = List.copyOf(revocations);
    if (rosters.isEmpty() || rosters.getFirst().roster().epoch() != 1) {
      throw new IllegalArgumentException("rosters: expected the founding roster first");
    }
  }

  /** A file whose contents were checked. */
  public sealed interface Loaded {
    /**
     * The federation exists.
     *
     * @param proposal the last roster, when it still lacks signatures
     */
    record Standing(Rosters rosters, Optional<Proposal> proposal) implements Loaded {}

    /** The founding roster still lacks signatures. */
    record Founding(Proposal proposal) implements Loaded {}
  }

  /** A roster that lacks signatures, and what it lacks. */
  public record Proposal(SignedRoster roster, String lacks) {}

  /** The file of {@code rosters} as they are now. */
  public static FederationFile of(Rosters rosters, Hash32 nonce) {
    return new FederationFile(nonce, rosters.history(), rosters.revocations());
  }

  /** The federation's id. */
  public Federation federation() {
    return Federation.founded(rosters.getFirst().roster().hash(), nonce);
  }

  /** The document, indented for people. */
  public String write() {
    ObjectNode out =
        Json.object()
            .put("format", FORMAT)
            .put("federation", federation().id().toString())
            .put("nonce", nonce.toString());
    ArrayNode list = out.putArray("rosters");
    rosters.forEach(roster -> list.add(RosterJson.write(roster)));
    ArrayNode revoked = out.putArray("revocations");
    revocations.forEach(revocation -> revoked.add(RosterJson.write(revocation)));
    return Json.pretty(out) + "\n";
  }

  /**
   * Reads the document; nothing is verified but its form and hashes.
   *
   * @throws MalformedException naming the field at fault
   */
  public static FederationFile read(byte[] text) throws MalformedException {
    JsonFields in =
        JsonFields.of(
            Json.parseForeign(text),
            "federation file",
            List.of("format", "federation", "nonce", "rosters", "revocations"));
    in.constant("format", FORMAT);
    List<SignedRoster> rosters = new ArrayList<>();
    for (JsonNode roster : in.list("rosters", MAX_ROSTERS)) {
      rosters.add(RosterJson.roster(roster, "rosters[" + rosters.size() + "]"));
    }
    List<DatedRevocation> revocations = new ArrayList<>();
    for (JsonNode revocation : in.list("revocations", MAX_ROSTERS)) {
      revocations.add(RosterJson.revocation(revocation, "revocations[" + revocations.size() + "]"));
    }
    FederationFile file;
    try {
      file = new FederationFile(in.hash("nonce"), rosters, revocations);
    } catch (IllegalArgumentException e) {
      throw new MalformedException("federation file: " + e.getMessage(), e);
    }
    if (!file.federation().id().equals(in.hash("federation"))) {
      throw in.fault("federation", "founding roster and nonce give " + file.federation().id());
    }
    return file;
  }

  /**
   * Verifies everything: each roster against the one before it, each signature, each revocation.
   *
   * @throws MalformedException if something does not hold, other than signatures that the last
   *     roster still lacks
   */
  public Loaded load(InstantSource clock) throws MalformedException {
    SignedRoster founding = rosters.getFirst();
    return switch (Rosters.found(founding, nonce, clock)) {
      case Rosters.Founding.Founded(Rosters standing) -> follow(standing);
      case Rosters.Founding.Refused(RosterFault fault, String detail) -> {
        if (fault == RosterFault.SIGNATURES && rosters.size() == 1 && honest(founding)) {
          yield new Loaded.Founding(new Proposal(founding, detail));
        }
        throw new MalformedException("rosters[0]: " + fault + ": " + detail);
      }
    };
  }

  private Loaded follow(Rosters standing) throws MalformedException {
    Optional<Proposal> proposal = Optional.empty();
    Set<Integer> applied = new HashSet<>();
    for (int i = 1; i < rosters.size(); i++) {
      revokeWhatIsDue(standing, applied);
      SignedRoster next = rosters.get(i);
      if (standing.apply(next) instanceof Rosters.Change.Refused(var fault, var detail)) {
        boolean last = i == rosters.size() - 1;
        if (fault != RosterFault.SIGNATURES || !last || !honest(next)) {
          throw new MalformedException("rosters[" + i + "]: " + fault + ": " + detail);
        }
        proposal = Optional.of(new Proposal(next, detail));
      }
    }
    revokeWhatIsDue(standing, applied);
    for (int i = 0; i < revocations.size(); i++) {
      if (!applied.contains(i)) {
        throw new MalformedException(
            "revocations["
                + i
                + "]: "
                + revocations.get(i).account()
                + " was never a member, or its epoch is still to come");
      }
    }
    return new Loaded.Standing(standing, proposal);
  }

  private void revokeWhatIsDue(Rosters standing, Set<Integer> applied) throws MalformedException {
    long latest = standing.latest().roster().epoch();
    for (int i = 0; i < revocations.size(); i++) {
      DatedRevocation one = revocations.get(i);
      boolean due =
          one.epoch() == 0 ? standing.everMember(one.account()).isPresent() : one.epoch() <= latest;
      if (due && applied.add(i)) {
        if (standing.apply(one.revocation()) instanceof Rosters.Change.Refused(var _, var why)) {
          throw new MalformedException("revocations[" + i + "]: " + why);
        }
      }
    }
  }

  /** Whether every signature under a roster holds, however few there are. */
  private boolean honest(SignedRoster signed) {
    Hash32 digest = federation().domain().digest(SignedRoster.ballot(signed.roster()));
    Roster voters = signed.roster();
    if (voters.epoch() > 1) {
      voters = rosters.get(rosters.indexOf(signed) - 1).roster();
    }
    Electorate electorate = new Electorate(voters, Set.of());
    return switch (electorate.count(signed.endorsements(), digest, new SignatureMemo())) {
      case Poll.Carried _ -> true;
      case Poll.Faulty(PollFault fault, String _) -> fault == PollFault.WEIGHT;
    };
  }

  /**
   * What {@code rosters} hold now, with this file's proposal where it can still become the next
   * roster.
   */
  public FederationFile brought(Rosters now) {
    FederationFile next = of(now, nonce);
    SignedRoster last = rosters.getLast();
    Roster latest = now.latest().roster();
    boolean open =
        last.roster().parent().equals(latest.hash())
            && last.roster().epoch() == latest.epoch() + 1
            && last.roster().members().stream().noneMatch(m -> now.revoked(m.account()));
    return open ? next.withNext(last) : next;
  }

  /** This file with {@code roster} in place of the last one. */
  public FederationFile withLast(SignedRoster roster) {
    List<SignedRoster> all = new ArrayList<>(rosters);
    all.set(all.size() - 1, roster);
    return new FederationFile(nonce, all, revocations);
  }

  /** This file with one more roster. */
  public FederationFile withNext(SignedRoster roster) {
    List<SignedRoster> all = new ArrayList<>(rosters);
    all.add(roster);
    return new FederationFile(nonce, all, revocations);
  }

  /** This file with one more revocation, and without a later roster that seats its owner. */
  public FederationFile with(DatedRevocation revocation) {
    List<DatedRevocation> all = new ArrayList<>(revocations);
    all.add(revocation);
    List<SignedRoster> kept = new ArrayList<>(rosters);
    while (kept.getLast().roster().epoch() > Math.max(1, revocation.epoch())
        && kept.getLast().roster().member(revocation.account()).isPresent()) {
      kept.removeLast();
    }
    return new FederationFile(nonce, kept, all);
  }
}
