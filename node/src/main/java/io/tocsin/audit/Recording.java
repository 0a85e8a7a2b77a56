package io.tocsin.audit;

import io.tocsin.base.Bytes;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.exposure.AssetId;
import io.tocsin.exposure.Exposure;
import io.tocsin.expression.Condition;
import io.tocsin.expression.Vocabulary;
import io.tocsin.policy.Action;
import io.tocsin.policy.Case;
import io.tocsin.policy.Decision;
import io.tocsin.policy.Facts;
import io.tocsin.policy.Protection;
import io.tocsin.quorum.Check;
import io.tocsin.quorum.Committee;
import io.tocsin.quorum.QuorumCertificate;
import io.tocsin.respond.InterlockState;
import io.tocsin.respond.Outcome;
import io.tocsin.respond.Permit;
import io.tocsin.respond.Ruling;
import io.tocsin.risk.RiskEstimate;
import java.time.Instant;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What decisions and rulings rest on and come to, as JSON of the log. Certificates are written in
 * wire form and read back only through a {@link Committee}, which checks them in full.
 */
public final class Recording {
  private static final RecordJson WRITER =
      forms(
          _ -> {
            throw new MalformedException("a certificate is read through a committee");
          });

  private final RecordJson json;

  /** Reads what a node recorded that is no member: it holds no certificates. */
  public Recording() {
    this.json = WRITER;
  }

  /** Reads what was recorded, certificates through {@code committee}. */
  public Recording(Committee committee) {
    this.json = forms(wire -> certificate(committee, wire));
  }

  /**
   * What a ruling depends on.
   *
   * @param before the interlock's state
   */
  public record RulingInputs(InterlockState before, Action action, Instant now) {}

  /** What a decision depends on that no mandate serves. */
  public record Unserved(
      Protection protection, Case.Occasion occasion, Exposure exposure, RiskEstimate estimate) {}

  private static RecordJson forms(RecordJson.Reader<Bytes, QuorumCertificate> certificates) {
    return RecordJson.PLAIN
        .withText(AssetId.class, AssetId::toString, AssetId::parse)
        .withText(Condition.class, Condition::source, Recording::condition)
        .withText(
            QuorumCertificate.class,
            certificate -> certificate.encode().toHex(),
            text -> certificates.read(Bytes.parse(text)))
        .with(Permit.class, Recording::write, Recording::unreadable);
  }

  private static QuorumCertificate certificate(Committee committee, Bytes wire)
      throws MalformedException {
    return switch (committee.verify(wire)) {
      case Check.Valid(QuorumCertificate certificate) -> certificate;
      case Check.Invalid(var flaw, String detail) ->
          throw new MalformedException("certificate: " + flaw + ", " + detail);
    };
  }

  private static Condition condition(String source) throws MalformedException {
    Vocabulary vocabulary = Facts.VOCABULARY;
    return switch (Condition.compile(source, vocabulary)) {
      case Condition.Compiled.Ready(Condition condition) -> condition;
      case Condition.Compiled.Faulty(var faults) ->
          throw new MalformedException("condition: " + faults);
    };
  }

  private static JsonNode write(Permit permit) {
    ObjectNode out = Json.object();
    out.put("digest", permit.digest().toString());
    out.put("granted", permit.granted().toString());
    out.set("action", WRITER.write(Action.class, permit.action()));
    return out;
  }

  private static Permit unreadable(JsonNode node) throws MalformedException {
    throw new MalformedException("only the interlock grants permits");
  }

  /** All that a decision depends on. */
  public static JsonNode of(Case asked) {
    return WRITER.write(Case.class, asked);
  }

  /** All that a decision depends on that no mandate serves. */
  public static JsonNode of(Unserved inputs) {
    return WRITER.write(Unserved.class, inputs);
  }

  /** A decision. */
  public static JsonNode of(Decision decision) {
    return WRITER.write(Decision.class, decision);
  }

  /** All that a ruling depends on. */
  public static JsonNode of(RulingInputs inputs) {
    return WRITER.write(RulingInputs.class, inputs);
  }

  /** A ruling. */
  public static JsonNode of(Ruling ruling) {
    return WRITER.write(Ruling.class, ruling);
  }

  /** An action. */
  public static JsonNode of(Action action) {
    return WRITER.write(Action.class, action);
  }

  /** What became of a permit. */
  public static Step.Acted acted(Permit permit, Outcome outcome) {
    String word;
    String detail;
    switch (outcome) {
      case Outcome.Done(var receipt) -> {
        word = "done";
        detail = receipt.effect().name();
      }
      case Outcome.Refused(var reason, String why) -> {
        word = "refused";
        detail = reason + ": " + why;
      }
      case Outcome.Unknown(String why) -> {
        word = "unknown";
        detail = why;
      }
    }
    return new Step.Acted(permit.digest(), word, detail, WRITER.write(Outcome.class, outcome));
  }

  /**
   * What a recorded decision depended on.
   *
   * @throws MalformedException if this version cannot read it, or a certificate does not hold
   */
  public Case caseOf(JsonNode inputs) throws MalformedException {
    return json.read(Case.class, inputs);
  }

  /**
   * What a recorded decision depended on that no mandate serves.
   *
   * @throws MalformedException if this version cannot read it, or a certificate does not hold
   */
  public Unserved unservedOf(JsonNode inputs) throws MalformedException {
    return json.read(Unserved.class, inputs);
  }

  /**
   * What a recorded ruling depended on.
   *
   * @throws MalformedException if this version cannot read it, or a certificate does not hold
   */
  public RulingInputs rulingOf(JsonNode inputs) throws MalformedException {
    return json.read(RulingInputs.class, inputs);
  }

  /**
   * What was about to be done.
   *
   * @throws MalformedException if this version cannot read it, or a certificate does not hold
   */
  public Action actionOf(JsonNode action) throws MalformedException {
    return json.read(Action.class, action);
  }

  /**
   * What became of a permit.
   *
   * @throws MalformedException if this version cannot read it
   */
  public Outcome outcomeOf(JsonNode outcome) throws MalformedException {
    return json.read(Outcome.class, outcome);
  }
}
