package io.tocsin.pipeline;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.claim.Author;
import io.tocsin.claim.Claim;
import io.tocsin.crypto.Topic;
import io.tocsin.crypto.Verified;
import io.tocsin.gossip.Gossip;
import io.tocsin.quorum.Attestation;
import io.tocsin.quorum.AttestationPool;
import io.tocsin.quorum.Attestor;
import io.tocsin.quorum.Check;
import io.tocsin.quorum.Committee;
import io.tocsin.quorum.Opinion;
import io.tocsin.quorum.OwnView;
import io.tocsin.quorum.QuorumCertificate;
import io.tocsin.quorum.Tally;
import java.util.Optional;

/**
 * The members, as the flow deals with them; or nobody, for a node that watches alone. Thread-safe:
 * the pool is touched under this object's lock.
 */
public final class Town {
  private final Optional<Members> members;

  /** Everything that a member needs to speak and to count. */
  public record Members(
      Author author, Gossip gossip, Attestor attestor, AttestationPool pool, Committee committee) {}

  private Town(Optional<Members> members) {
    this.members = members;
  }

  /** The town of a member. */
  public static Town of(Members members) {
    return new Town(Optional.of(members));
  }

  /** Nobody. */
  public static Town alone() {
    return new Town(Optional.empty());
  }

  boolean member() {
    return members.isPresent();
  }

  private Members all() {
    return members.orElseThrow(() -> new IllegalStateException("this node is no member"));
  }

  Address self() {
    return author().account();
  }

  Author author() {
    return all().author();
  }

  void publish(Topic<?> topic, Bytes payload) {
    all().gossip().publish(topic, payload);
  }

  void post(Topic<?> topic, Bytes payload) {
    all().gossip().post(topic, payload);
  }

  /** How much of what the others let in of us is still free, from 0 to 1. */
  double room() {
    return all().gossip().room();
  }

  void blame(Address author) {
    all().gossip().blame(author);
  }

  Opinion consider(Claim claim, OwnView view) {
    return all().attestor().consider(claim, view);
  }

  Optional<Attestation> attest(Claim claim, Opinion opinion) {
    return all().attestor().attest(claim.id(), opinion);
  }

  synchronized Tally know(Claim claim) {
    return all().pool().know(claim);
  }

  synchronized Tally add(Verified<Attestation> attestation) {
    return all().pool().add(attestation);
  }

  synchronized void settle(QuorumCertificate certificate) {
    all().pool().settle(certificate);
  }

  synchronized void expire() {
    members.ifPresent(m -> m.pool().expire());
  }

  Check verify(Bytes certificate) {
    return all().committee().verify(certificate);
  }
}
