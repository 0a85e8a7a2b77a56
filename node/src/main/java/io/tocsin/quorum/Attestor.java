package io.tocsin.quorum;

import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.claim.Claim;
import io.tocsin.claim.Report;
import io.tocsin.crypto.Signer;
import io.tocsin.crypto.Verified;
import io.tocsin.identity.Roster;
import io.tocsin.identity.Rosters;
import io.tocsin.quorum.Opinion.Abstain;
import io.tocsin.quorum.Opinion.AbstainReason;
import io.tocsin.quorum.Opinion.Confirm;
import io.tocsin.quorum.Opinion.Refute;
import io.tocsin.quorum.Opinion.Wait;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Judges claims by this node's own eyes and signs the verdicts that may be signed. The first
 * verdict on a claim is in the {@link VerdictBook} before its signature exists, and final.
 * Thread-safe.
 */
public final class Attestor {
  private final Signer signer;
  private final Rosters rosters;
  private final VerdictBook book;
  private final Patience patience;
  private final InstantSource clock;

  /** The attestor of the member whose attest key {@code signer} is. */
  public Attestor(
      Signer signer, Rosters rosters, VerdictBook book, Patience patience, InstantSource clock) {
    this.signer = signer;
    this.rosters = rosters;
    this.book = book;
    this.patience = patience;
    this.clock = clock;
  }

  /**
   * What this member makes of a report, given its own view; of the report only the claim counts.
   */
  public Opinion consider(Verified<Report> report, OwnView view) {
    return consider(report.value().claim(), view);
  }

  /** What this member makes of a claim, given its own view. */
  public Opinion consider(Claim claim, OwnView view) {
    if (seat().isEmpty()) {
      return new Abstain(AbstainReason.NO_SEAT, signer.address() + " has no seat now");
    }
    Opinion opinion = Judgement.of(claim, view, patience, clock.instant());
    Optional<Verdict> due = verdict(opinion);
    Optional<Verdict> first = due.isEmpty() ? Optional.empty() : book.verdict(claim.id());
    if (first.isPresent() && !first.equals(due)) {
      return new Abstain(AbstainReason.ALREADY_JUDGED, "the first verdict was " + first.get());
    }
    return opinion;
  }

  private static Optional<Verdict> verdict(Opinion opinion) {
    return switch (opinion) {
      case Confirm _ -> Optional.of(Verdict.CONFIRM);
      case Refute _ -> Optional.of(Verdict.REFUTE);
      case Abstain _, Wait _ -> Optional.empty();
    };
  }

  private Optional<Roster> seat() {
    Address own = signer.address();
    return rosters
        .current(clock.instant())
        .filter(roster -> roster.member(own).isPresent() && !rosters.revoked(own));
  }

  /**
   * Signs {@code opinion} for the current epoch after making it final; empty when it is not one to
   * be signed, when the opposite is final already, or when this member has no seat.
   */
  public Optional<Attestation> attest(Hash32 claimId, Opinion opinion) {
    Optional<Verdict> verdict = verdict(opinion);
    Optional<Roster> roster = seat();
    if (verdict.isEmpty() || roster.isEmpty()) {
      return Optional.empty();
    }
    if (book.record(claimId, verdict.get()) != verdict.get()) {
      return Optional.empty();
    }
    return Optional.of(
        Attestation.sign(
            signer, rosters.federation().domain(), claimId, roster.get().epoch(), verdict.get()));
  }
}
