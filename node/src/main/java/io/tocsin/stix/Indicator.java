package io.tocsin.stix;

import io.tocsin.base.Bytes;
import io.tocsin.base.CanonicalJson;
import io.tocsin.base.Json;
import io.tocsin.base.JsonFields;
import io.tocsin.base.MalformedException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An indicator (STIX 2.1, section 4.7) whose pattern is in a language of its own.
 *
 * @param author the identity that made it
 * @param pattern in the language and version that {@code language} names
 * @param validity from when to when it may be used
 * @param version when it was made and last changed, and whether it was revoked then
 */
public record Indicator(
    StixId id, StixId author, String name, Pattern pattern, Validity validity, Version version) {
  /** The largest text of one indicator. */
  public static final int MAX_BYTES = 64 << 10;

  /** A text and its language: {@code pattern_type} and {@code pattern_version}. */
  public record Pattern(String text, String language, String version) {}

  /** From when, and until when (exclusive) if that is said. */
  public record Validity(Instant from, Optional<Instant> until) {
    public Validity {
      if (until.isPresent() && !until.get().isAfter(from)) {
        throw new IllegalArgumentException("valid_until must be later than valid_from");
      }
    }

    /** Whether {@code time} lies within. */
    public boolean at(Instant time) {
      return !time.isBefore(from) && until.map(time::isBefore).orElse(true);
    }
  }

  /** When an object was made and last changed, and whether its maker took it back. */
  public record Version(Instant created, Instant modified, boolean revoked) {
    public Version {
      if (modified.isBefore(created)) {
        throw new IllegalArgumentException("modified must not be earlier than created");
      }
    }
  }

  private static final List<String> FIELDS =
      List.of(
          "type",
          "spec_version",
          "id",
          "created_by_ref",
          "created",
          "modified",
          "revoked",
          "name",
          "indicator_types",
          "pattern",
          "pattern_type",
          "pattern_version",
          "valid_from",
          "valid_until");

  public Indicator {
    if (!id.type().equals("indicator") || !author.type().equals("identity")) {
      throw new IllegalArgumentException("an indicator has an id and an author of its kind");
    }
  }

  /** The same, taken back at {@code time}. */
  public Indicator revoked(Instant time) {
    Version last = new Version(version.created(), time, true);
    return new Indicator(id, author, name, pattern, validity, last);
  }

  /** The object in canonical JSON. */
  public Bytes write() {
    ObjectNode out =
        Json.object()
            .put("type", "indicator")
            .put("spec_version", "2.1")
            .put("id", id.toString())
            .put("created_by_ref", author.toString())
            .put("created", StixTime.format(version.created()))
            .put("modified", StixTime.format(version.modified()))
            .put("name", name)
            .put("pattern", pattern.text())
            .put("pattern_type", pattern.language())
            .put("pattern_version", pattern.version())
            .put("valid_from", StixTime.format(validity.from()));
    validity.until().ifPresent(until -> out.put("valid_until", StixTime.format(until)));
    if (version.revoked()) {
      out.put("revoked", true);
    }
    ArrayNode types = out.putArray("indicator_types");
    types.add("malicious-activity");
    return CanonicalJson.write(out);
  }

  /**
   * Reads one indicator, strictly; finer parts of times than milliseconds are cut off.
   *
   * @throws MalformedException naming what is wrong
   */
  public static Indicator read(Bytes json) throws MalformedException {
    if (json.size() > MAX_BYTES) {
      throw new MalformedException("indicator: more than 64 KiB");
    }
    JsonFields in = JsonFields.of(Json.parseForeign(json.toArray()), "indicator", FIELDS);
    in.constant("type", "indicator");
    in.constant("spec_version", "2.1");
    boolean revoked = in.has("revoked") && in.node("revoked").asBoolean(false);
    if (in.has("revoked") && !in.node("revoked").isBoolean()) {
      throw in.fault("revoked", "expected true or false");
    }
    try {
      Indicator read =
          new Indicator(
              StixId.parse(in.text("id", 300)),
              StixId.parse(in.text("created_by_ref", 300)),
              in.text("name", 200),
              new Pattern(
                  in.text("pattern", MAX_BYTES),
                  in.text("pattern_type", 100),
                  in.text("pattern_version", 20)),
              new Validity(
                  time(in, "valid_from"),
                  in.has("valid_until") ? Optional.of(time(in, "valid_until")) : Optional.empty()),
              new Version(time(in, "created"), time(in, "modified"), revoked));
      read.write();
      return read;
    } catch (IllegalArgumentException e) {
      throw new MalformedException("indicator: " + e.getMessage(), e);
    }
  }

  private static Instant time(JsonFields in, String field) throws MalformedException {
    return StixTime.parse(in.text(field, 40)).truncatedTo(ChronoUnit.MILLIS);
  }
}
