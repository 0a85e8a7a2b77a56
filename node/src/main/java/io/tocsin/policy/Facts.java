package io.tocsin.policy;

import io.tocsin.base.ChainId;
import io.tocsin.claim.Claim;
import io.tocsin.exposure.Sight;
import io.tocsin.expression.Vocabulary;
import io.tocsin.risk.RiskEstimate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a mandate's condition may read: claim, certificate, own scan, own exposure, estimate. */
public final class Facts {
  private static final int MOST = 100;

  /** The variables of a mandate's condition. */
  public static final Vocabulary VOCABULARY =
      new Vocabulary(
          Map.ofEntries(
              Map.entry("claim.kind", Vocabulary.Type.TEXT),
              Map.entry("claim.chain", Vocabulary.Type.TEXT),
              Map.entry("claim.subject", Vocabulary.Type.TEXT),
              Map.entry("claim.age_seconds", Vocabulary.Type.INTEGER),
              Map.entry("certificate.present", Vocabulary.Type.BOOLEAN),
              Map.entry("certificate.epoch", Vocabulary.Type.INTEGER),
              Map.entry("certificate.signers", Vocabulary.Type.INTEGER),
              Map.entry("own.result", Vocabulary.Type.TEXT),
              Map.entry("own.detectors", Vocabulary.Type.TEXTS),
              Map.entry("own.lost_assets", Vocabulary.Type.TEXTS),
              Map.entry("own.lost_share", Vocabulary.Type.NUMBER),
              Map.entry("exposure.kind", Vocabulary.Type.TEXT),
              Map.entry("exposure.protocol", Vocabulary.Type.TEXT),
              Map.entry("estimate.known", Vocabulary.Type.BOOLEAN),
              Map.entry("estimate.usd", Vocabulary.Type.NUMBER)));

  private Facts() {}

  /** The values for one case. */
  static Map<String, Object> of(Case asked) {
    Map<String, Object> facts = new HashMap<>();
    Claim claim = asked.occasion().alarm().claim();
    Instant now = asked.occasion().now();
    facts.put("claim.kind", claim.kind().text());
    facts.put("claim.chain", claim.where().map(ChainId::toString).orElse(""));
    facts.put("claim.subject", claim.about().map(s -> s.address().toString()).orElse(""));
    facts.put(
        "claim.age_seconds",
        Policy.timeOf(claim).map(t -> Duration.between(t, now).toSeconds()).orElse(0L));
    switch (asked.occasion().alarm()) {
      case Alarm.Certified(var certificate) -> {
        facts.put("certificate.present", true);
        facts.put("certificate.epoch", certificate.epoch());
        facts.put("certificate.signers", (long) certificate.endorsements().size());
      }
      case Alarm.Local _ -> {
        facts.put("certificate.present", false);
        facts.put("certificate.epoch", 0L);
        facts.put("certificate.signers", 0L);
      }
    }
    own(asked.occasion().own().sight(), facts);
    facts.put("exposure.kind", asked.exposure().kind());
    facts.put("exposure.protocol", asked.exposure().interest().name());
    switch (asked.estimate()) {
      case RiskEstimate.Priced priced -> {
        facts.put("estimate.known", true);
        facts.put("estimate.usd", priced.usd().doubleValue());
      }
      case RiskEstimate.Unknown _ -> {
        facts.put("estimate.known", false);
        facts.put("estimate.usd", 0.0);
      }
    }
    return facts;
  }

  private static void own(Sight sight, Map<String, Object> facts) {
    facts.put("own.detectors", List.of());
    facts.put("own.lost_assets", List.of());
    facts.put("own.lost_share", 0.0);
    switch (sight) {
      case Sight.Harmed harmed -> {
        facts.put("own.result", "found");
        facts.put("own.detectors", harmed.detectors().stream().limit(MOST).toList());
        facts.put(
            "own.lost_assets",
            harmed.losses().stream().limit(MOST).map(l -> l.asset().toString()).toList());
        facts.put(
            "own.lost_share",
            harmed.losses().stream().mapToDouble(Sight.LossSeen::share).max().orElse(0));
      }
      case Sight.Unharmed _ -> facts.put("own.result", "clean");
      case Sight.Unseen _ -> facts.put("own.result", "not-analysed");
    }
  }
}
