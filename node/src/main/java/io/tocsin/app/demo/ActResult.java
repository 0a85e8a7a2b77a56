package io.tocsin.app.demo;

import io.tocsin.base.Json;
import io.tocsin.claim.Claim;
import io.tocsin.pipeline.Stage;
import io.tocsin.quorum.QuorumCertificate;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * How an act ended.
 *
 * @param certificate what the members certified, if they did
 * @param failure what was not as the demonstration says it must be; empty if all was
 */
record ActResult(
    Scene scene,
    Story story,
    Losses losses,
    Optional<QuorumCertificate> certificate,
    List<Fate> protocols,
    Optional<String> failure) {
  ActResult {
    protocols = List.copyOf(protocols);
  }

  /** Which act. */
  record Scene(String id, String title) {}

  /** What happened, from the first sight at {@code origin} nanoseconds on. */
  record Story(long origin, List<Moment> moments) {
    Story {
      moments = List.copyOf(moments);
    }

    /** Milliseconds from the first sight to {@code nanos}. */
    double millis(long nanos) {
      return BigDecimal.valueOf(nanos - origin, 6)
          .setScale(3, RoundingMode.HALF_EVEN)
          .doubleValue();
    }

    /** Milliseconds from the first sight to each moment of {@code stage}. */
    List<Double> times(Stage stage) {
      return moments.stream().filter(m -> m.stage() == stage).map(m -> millis(m.nanos())).toList();
    }
  }

  /** Dollars lost by all protocols of the act, had nobody defended and as it went. */
  record Losses(BigDecimal without, BigDecimal with) {
    static final Losses NONE = new Losses(BigDecimal.ZERO, BigDecimal.ZERO);
  }

  /** How a protocol came out of it. */
  record Fate(String name, String chain, boolean drained, boolean paused) {}

  /** Whether it ended as the demonstration says it must. */
  boolean asDescribed() {
    return failure.isEmpty();
  }

  /** Whether a loss that would have come did not. */
  boolean prevented() {
    return losses.with.compareTo(losses.without) < 0;
  }

  /** The act in the demonstration's JSON document. */
  ObjectNode json() {
    ObjectNode act = Json.object().put("id", scene.id).put("title", scene.title);
    var events = act.putArray("events");
    for (Moment moment : story.moments) {
      events
          .addObject()
          .put("stage", moment.stage().label())
          .put("node", moment.node())
          .put("chain", moment.chain().toString())
          .put("t_ms", story.millis(moment.nanos()));
    }
    act.putObject("losses_usd")
        .put("without", losses.without.stripTrailingZeros().doubleValue())
        .put("with", losses.with.stripTrailingZeros().doubleValue());
    certificate.ifPresentOrElse(
        c -> act.set("certificate", json(c)), () -> act.putNull("certificate"));
    var fates = act.putArray("protocols");
    for (Fate fate : protocols) {
      fates
          .addObject()
          .put("name", fate.name)
          .put("chain", fate.chain)
          .put("drained", fate.drained)
          .put("paused", fate.paused);
    }
    act.put("prevented", prevented());
    failure.ifPresent(reason -> act.put("failure", reason));
    return act;
  }

  private static ObjectNode json(QuorumCertificate certificate) {
    Claim claim = certificate.claim();
    ObjectNode node =
        Json.object()
            .put("claim", claim.id().toString())
            .put("kind", claim.kind().text())
            .put("epoch", certificate.epoch());
    claim.where().ifPresent(chain -> node.put("chain", chain.toString()));
    claim.about().ifPresent(subject -> node.put("subject", subject.address().toString()));
    var signers = node.putArray("signers");
    certificate.endorsements().forEach(e -> signers.add(e.signer().toString()));
    return node.put("bytes", certificate.encode().toHex());
  }
}
