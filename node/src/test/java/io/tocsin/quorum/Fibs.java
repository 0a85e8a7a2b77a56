package io.tocsin.quorum;

import io.tocsin.base.Bytes;
import io.tocsin.claim.Claim;
import io.tocsin.claim.Claim.AllClear;
import io.tocsin.claim.Claim.ExploitMined;
import io.tocsin.claim.ReportCodec;
import io.tocsin.claim.Samples;
import io.tocsin.crypto.Domain;
import io.tocsin.crypto.Envelope;
import io.tocsin.crypto.KeyPair;
import io.tocsin.gossip.FakeNetwork;
import java.util.List;
import java.util.Random;

/**
 * What the liars of a simulated town say: votes both ways, exploits that never were, all-clears of
 * those that were, certificates of their own, noise, and two messages under one number. They are
 * the network's first members.
 */
final class Fibs {
  private static final int INVENTED = 8;

  private final FakeNetwork network;
  private final List<KeyPair> liars;
  private final Domain domain;
  private final List<ExploitMined> claims;
  private final Random random;

  Fibs(
      FakeNetwork network,
      List<KeyPair> liars,
      Domain domain,
      List<ExploitMined> claims,
      Random random) {
    this.network = network;
    this.liars = liars;
    this.domain = domain;
    this.claims = claims;
    this.random = random;
  }

  /** Lets a liar say something, or more often nothing. */
  void tell(int liar) {
    ExploitMined claim = claims.get(random.nextInt(claims.size()));
    switch (random.nextInt(40)) {
      case 0 -> vote(liar, claim, Verdict.CONFIRM);
      case 1 -> vote(liar, claim, Verdict.REFUTE);
      case 2 -> report(liar, claim);
      case 3 -> certify(liar, claim);
      case 4 -> {
        byte[] noise = new byte[1 + random.nextInt(300)];
        random.nextBytes(noise);
        smuggle(liar, Bytes.of(noise));
      }
      case 5 -> smuggle(liar, twin(liar, claim));
      case 6 -> {
        if (random.nextInt(4) == 0) {
          for (int i = 0; i < INVENTED; i++) {
            report(liar, Samples.mined(random.nextLong()));
          }
        }
      }
      case 7 -> {
        Claim clear = new AllClear(claim.id(), claim.chain(), Samples.mined(3).block().hash());
        report(liar, clear);
        vote(liar, clear, Verdict.CONFIRM);
      }
      default -> {}
    }
  }

  private Bytes attestation(int liar, Claim claim, Verdict verdict) {
    return Votes.vote(liars.get(liar), domain, claim.id(), 1, verdict).encode();
  }

  private void vote(int liar, Claim claim, Verdict verdict) {
    network.node(liar).publish(Attestation.TOPIC, attestation(liar, claim, verdict));
  }

  private void report(int liar, Claim claim) {
    network
        .node(liar)
        .publish(
            ReportCodec.TOPIC,
            ReportCodec.encode(
                Samples.report(claim), liars.get(liar).address(), Samples.BLOCK_TIME));
  }

  /** A certificate with the liars' signatures alone. */
  private void certify(int liar, Claim claim) {
    network
        .node(liar)
        .publish(
            Committee.TOPIC, Votes.certificate(claim, domain, 1, Verdict.CONFIRM.code(), liars));
  }

  /** A second message under the liar's first number. */
  private Bytes twin(int liar, Claim claim) {
    return Envelope.seal(
            liars.get(liar),
            domain,
            Attestation.TOPIC.name(),
            1,
            attestation(liar, claim, Verdict.CONFIRM))
        .encode();
  }

  private void smuggle(int liar, Bytes message) {
    network.smuggle(liar, random.nextInt(network.size()), message);
  }
}
