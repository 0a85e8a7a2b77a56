package io.tocsin.identity;

import io.tocsin.base.Hash32;
import io.tocsin.crypto.Keccak;
import io.tocsin.crypto.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** Seeded federations for tests. */
public final class Samples {
  /** When sample terms begin. */
  public static final Instant BEGIN = Instant.parse("2026-06-01T00:00:00Z");

  /** The nonce of sample federations. */
  public static final Hash32 NONCE = Keccak.hashUtf8("nonce");

  private Samples() {}

  /** A clock that tests move. */
  public static final class Clock implements InstantSource {
    private Instant now;

    /** A clock that stands at {@code now}. */
    public Clock(Instant now) {
      this.now = now;
    }

    /** Moves the clock. */
    public void advance(Duration step) {
      now = now.plus(step);
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  /** Keys ascending by account. */
  public static List<KeyPair> keys(long seed, int count) {
    Random random = new Random(seed);
    List<KeyPair> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      keys.add(KeyPair.generate(random));
    }
    keys.sort(Comparator.comparing(KeyPair::address));
    return keys;
  }

  /** The record of the owner of {@code key}, its operator named after the key. */
  public static Member member(KeyPair key, long weight) {
    String name = key.address().toString().substring(2, 10);
    Member.Keys keys =
        new Member.Keys(Keccak.hashUtf8("tls " + name), Keccak.hashUtf8("x25519 " + name));
    return Member.sign(
        key, keys, new Contact("node-" + name + ":7700", "Operator " + name), weight);
  }

  /** An unsigned roster of {@code keys} with weight 1 each, in force for a year. */
  public static Roster roster(long epoch, Hash32 parent, Instant from, List<KeyPair> keys) {
    return new Roster(
        epoch,
        parent,
        new Term(from, from.plus(Duration.ofDays(365))),
        keys.stream().map(key -> member(key, 1)).toList());
  }

  /** {@code roster} signed by {@code keys}. */
  public static SignedRoster signed(Roster roster, Federation federation, List<KeyPair> keys) {
    SignedRoster signed = new SignedRoster(roster, List.of());
    for (KeyPair key : keys) {
      signed = signed.endorse(key, federation.domain());
    }
    return signed;
  }

  /** A federation founded by {@code keys} at {@link #BEGIN}. */
  public static Rosters rosters(List<KeyPair> keys, InstantSource clock) {
    Roster roster = roster(1, Hash32.ZERO, BEGIN, keys);
    SignedRoster founding = signed(roster, Federation.founded(roster.hash(), NONCE), keys);
    return switch (Rosters.found(founding, NONCE, clock)) {
      case Rosters.Founding.Founded(Rosters rosters) -> rosters;
      case Rosters.Founding.Refused(RosterFault fault, String detail) ->
          throw new IllegalStateException(fault + detail);
    };
  }
}
