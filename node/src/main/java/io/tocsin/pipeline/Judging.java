package io.tocsin.pipeline;

import io.tocsin.base.Address;
import io.tocsin.base.ChainId;
import io.tocsin.claim.Claim;
import io.tocsin.pipeline.Stakes.Stake;
import io.tocsin.quorum.Attestation;
import io.tocsin.quorum.Opinion;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/** Comes to this member's opinions on reported claims, and says those that are to be said. */
final class Judging implements Docket.Court, AutoCloseable {
  private final Eyes eyes;
  private final Town town;
  private final Stakes stakes;
  private final Records records;
  private final Consumer<Claim> confirmed;
  private final Overload overload;
  private final Docket docket;

  /** Judges by these eyes; {@code confirmed} hears of each claim that this node confirms. */
  Judging(Eyes eyes, Town town, Stakes stakes, Records records, Consumer<Claim> confirmed) {
    this.eyes = eyes;
    this.town = town;
    this.stakes = stakes;
    this.records = records;
    this.confirmed = confirmed;
    this.overload = new Overload(records);
    this.docket = new Docket(this, overload);
  }

  /** {@code author} reported {@code claim}. Returns at once. */
  void enter(Claim claim, Address author) {
    docket.enter(claim, author);
  }

  /** Whether the claim was judged lately, or waits to be. */
  boolean knows(Claim claim) {
    return docket.knows(claim.id());
  }

  /** The chain has moved on. */
  void moved(ChainId chain) {
    docket.moved(chain);
  }

  @Override
  public Stake stake(Claim claim) {
    return stakes.of(claim);
  }

  @Override
  public boolean seen(Claim claim) {
    return eyes.sees(claim);
  }

  @Override
  public Optional<Duration> hear(Claim claim) {
    try {
      return consider(claim);
    } catch (RuntimeException e) {
      records.log().failed("judging claim " + claim.id(), e);
      return Optional.empty();
    }
  }

  private Optional<Duration> consider(Claim claim) {
    Opinion opinion = town.consider(claim, eyes.view(claim));
    if (opinion instanceof Opinion.Wait(Instant until)) {
      return Optional.of(Duration.between(records.clock().instant(), until));
    }
    records.log().judged(claim, opinion);
    records.observer().judged(claim, opinion);
    records.judged(claim, opinion);
    if (opinion instanceof Opinion.Confirm) {
      confirmed.accept(claim);
    }
    if (worthSaying(claim, opinion)) {
      town.attest(claim, opinion)
          .ifPresent(
              attestation -> {
                town.publish(Attestation.TOPIC, attestation.encode());
                records.reached(Stage.ATTESTED, claim);
              });
    }
    return Optional.empty();
  }

  /**
   * What others would leave out anyway, because we say too much, is said of what matters most:
   * nobody acts on a refutation.
   */
  private boolean worthSaying(Claim claim, Opinion opinion) {
    Stake stake = stakes.of(claim);
    double needed =
        switch (opinion) {
          case Opinion.Confirm _ ->
              switch (stake) {
                case ARMED -> 0;
                case KNOWN -> 0.25;
                case NONE -> 0.5;
              };
          case Opinion.Refute _ -> 0.75;
          case Opinion.Abstain _, Opinion.Wait _ -> 0;
        };
    boolean worth = needed <= 0 || town.room() > needed;
    if (!worth) {
      overload.shed(stake, "saying what this node thinks of " + claim.summary());
    }
    return worth;
  }

  @Override
  public void close() {
    docket.close();
  }
}
