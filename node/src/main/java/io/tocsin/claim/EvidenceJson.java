package io.tocsin.claim;

import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.JsonFields;
import io.tocsin.base.MalformedException;
import io.tocsin.claim.Evidence.Fact;
import io.tocsin.claim.Evidence.Lost;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Evidence as JSON, each list and text bounded. */
final class EvidenceJson {
  private static final int MAX_TEXT = 2_000;
  private static final int MAX_LOSSES = 64;
  private static final int MAX_FRAMES = 1_000;
  private static final int MAX_TEXTS = 32;
  private static final Pattern AMOUNT = Pattern.compile("0|[1-9][0-9]{0,77}");

  private EvidenceJson() {}

  static ObjectNode write(Evidence evidence) {
    ObjectNode out = Json.object();
    evidence.blockNumber().ifPresent(number -> out.put("block_number", number));
    evidence.stateReads().ifPresent(digest -> out.put("state_reads", digest.toString()));
    ArrayNode facts = out.putArray("facts");
    for (Fact fact : evidence.facts()) {
      ObjectNode one = facts.addObject();
      ArrayNode detectors = one.putArray("detectors");
      fact.detectors().forEach(detectors::add);
      one.put("severity", fact.severity());
      one.put("summary", fact.summary());
      ArrayNode losses = one.putArray("losses");
      for (Lost lost : fact.losses()) {
        ObjectNode loss = losses.addObject();
        lost.token().ifPresent(token -> loss.put("token", token.toString()));
        loss.put("amount", lost.amount().toString()).put("share", lost.share());
      }
      ArrayNode frames = one.putArray("frames");
      fact.frames().forEach(frames::add);
      ArrayNode assumptions = one.putArray("assumptions");
      fact.assumptions().forEach(assumptions::add);
    }
    return out;
  }

  static Evidence read(JsonNode node) throws MalformedException {
    JsonFields in =
        JsonFields.of(node, "evidence", List.of("block_number", "state_reads", "facts"));
    OptionalLong number =
        in.has("block_number") ? OptionalLong.of(in.number("block_number")) : OptionalLong.empty();
    Optional<Hash32> reads =
        in.has("state_reads") ? Optional.of(in.hash("state_reads")) : Optional.empty();
    List<Fact> facts = new ArrayList<>();
    for (JsonNode fact : in.list("facts", Evidence.MAX_FACTS)) {
      facts.add(fact(fact));
    }
    return new Evidence(number, facts, reads);
  }

  private static Fact fact(JsonNode node) throws MalformedException {
    JsonFields in =
        JsonFields.of(
            node,
            "evidence.facts",
            List.of("detectors", "severity", "summary", "losses", "frames", "assumptions"));
    List<Lost> losses = new ArrayList<>();
    for (JsonNode loss : in.list("losses", MAX_LOSSES)) {
      losses.add(lost(loss));
    }
    List<Integer> frames = new ArrayList<>();
    for (JsonNode frame : in.list("frames", MAX_FRAMES)) {
      if (!frame.isIntegralNumber() || !frame.canConvertToInt() || frame.intValue() < 0) {
        throw in.fault("frames", "expected indices");
      }
      frames.add(frame.intValue());
    }
    return new Fact(
        texts(in, "detectors", 64),
        in.text("severity", 32),
        losses,
        in.text("summary", MAX_TEXT),
        frames,
        texts(in, "assumptions", MAX_TEXT));
  }

  private static List<String> texts(JsonFields in, String name, int max) throws MalformedException {
    List<String> texts = new ArrayList<>();
    for (JsonNode text : in.list(name, MAX_TEXTS)) {
      if (!text.isString() || text.stringValue().length() > max) {
        throw in.fault(name, "expected strings of at most " + max + " characters");
      }
      texts.add(text.stringValue());
    }
    return texts;
  }

  private static Lost lost(JsonNode node) throws MalformedException {
    JsonFields in =
        JsonFields.of(node, "evidence.facts.losses", List.of("token", "amount", "share"));
    Optional<Address> token = in.has("token") ? Optional.of(in.address("token")) : Optional.empty();
    String amount = in.text("amount", 78);
    if (!AMOUNT.matcher(amount).matches()) {
      throw in.fault("amount", "expected a decimal number");
    }
    JsonNode share = in.node("share");
    double value = share.isNumber() ? share.numberValue().doubleValue() : Double.NaN;
    if (!(value >= 0) || value > 1e18) {
      throw in.fault("share", "expected a number that is not negative");
    }
    return new Lost(token, new BigInteger(amount), value);
  }
}
