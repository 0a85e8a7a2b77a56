package io.tocsin.claim;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.CanonicalJson;
import io.tocsin.base.Json;
import io.tocsin.base.JsonFields;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Text;
import io.tocsin.crypto.Domain;
import io.tocsin.crypto.KeyDirectory;
import io.tocsin.crypto.Topic;
import io.tocsin.stix.StixId;
import io.tocsin.stix.StixTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A report as a STIX 2.1 bundle in canonical JSON: identity of the author, the transaction as
 * observed data or indicator, and a report object whose extension holds claim and evidence
 * (documented in docs/stix-extension.md).
 *
 * <p>Reading is strict: at most {@link #MAX_BYTES} and 64 levels, no duplicate keys, no object or
 * property it does not know, one report, references that resolve within the bundle.
 */
public final class ReportCodec {
  /** The largest bundle. */
  public static final int MAX_BYTES = 256 << 10;

  /** Reports among members; signatures in them are not checked. */
  public static final Topic<Report> TOPIC = new Topic<>("report", ReportCodec::decode, MAX_BYTES);

  private static final int MAX_OBJECTS = 16;
  private static final List<String> COMMON =
      List.of("type", "spec_version", "id", "created", "modified", "created_by_ref");
  private static final Map<String, List<String>> PROPERTIES =
      Map.of(
          "identity", with("name", "identity_class"),
          "extension-definition",
              with("name", "description", "schema", "version", "extension_types"),
          "observed-data",
              with("first_observed", "last_observed", "number_observed", "object_refs"),
          "indicator", with("name", "pattern", "pattern_type", "valid_from", "indicator_types"),
          "report",
              with("name", "description", "published", "report_types", "object_refs", "extensions"),
          "cryptocurrency-transaction",
              List.of(
                  "type", "spec_version", "id", "symbol", "value", "execution_time", "extensions"));

  private ReportCodec() {}

  /**
   * A report as read.
   *
   * @param signature the author's signature in the report object, where it carries one; checked by
   *     nobody yet
   */
  public record Opened(Report report, Optional<ObjectSignature> signature) {}

  /** Reports among members of the federation; a wrong signature in one makes it malformed. */
  public static Topic<Report> topic(Domain domain, KeyDirectory keys) {
    return new Topic<>(
        TOPIC.name(),
        bundle -> {
          Opened opened = open(bundle);
          if (opened.signature().isPresent()) {
            opened.signature().get().require(domain, keys);
          }
          return opened.report();
        },
        MAX_BYTES);
  }

  private static List<String> with(String... own) {
    List<String> all = new ArrayList<>(COMMON);
    all.addAll(List.of(own));
    return List.copyOf(all);
  }

  /**
   * The bundle of {@code report}, the same bytes for the same arguments.
   *
   * @param written when the author wrote it; kept to the millisecond
   * @throws IllegalArgumentException if the evidence is too large for a bundle
   */
  public static Bytes encode(Report report, Address author, Instant written) {
    return bounded(new Bundle(report, author, written).write());
  }

  /** The bundle of {@code report}, its report object signed by the author. */
  public static Bytes encode(Report report, Author author, Instant written) {
    ObjectNode bundle = new Bundle(report, author.account(), written).write();
    for (JsonNode object : bundle.get("objects")) {
      if (object instanceof ObjectNode one && one.get("type").stringValue().equals("report")) {
        ObjectSignature.add(one, author);
      }
    }
    return bounded(bundle);
  }

  private static Bytes bounded(ObjectNode document) {
    Bytes bundle = CanonicalJson.write(document);
    if (bundle.size() > MAX_BYTES) {
      throw new IllegalArgumentException("a report has at most 256 KiB, not " + bundle.size());
    }
    return bundle;
  }

  /**
   * Reads a bundle, whoever wrote it.
   *
   * @throws MalformedException naming what is wrong
   */
  public static Report decode(Bytes bundle) throws MalformedException {
    return open(bundle).report();
  }

  /**
   * Reads a report object that came without its bundle.
   *
   * @throws MalformedException naming what is wrong
   */
  public static Opened openObject(Bytes report) throws MalformedException {
    if (report.size() > MAX_BYTES) {
      throw new MalformedException("report: more than 256 KiB");
    }
    JsonFields object = object(Json.parseForeign(report.toArray()));
    if (!object.path().equals("report")) {
      throw object.fault("type", "expected report");
    }
    return new Opened(read(object), ObjectSignature.in(object.object()));
  }

  /**
   * Reads a bundle and the signature in its report object.
   *
   * @throws MalformedException naming what is wrong
   */
  public static Opened open(Bytes bundle) throws MalformedException {
    if (bundle.size() > MAX_BYTES) {
      throw new MalformedException("report: more than 256 KiB");
    }
    JsonFields in =
        JsonFields.of(
            Json.parseForeign(bundle.toArray()), "bundle", List.of("type", "id", "objects"));
    in.constant("type", "bundle");
    identifier(in, "bundle");
    Set<String> ids = new HashSet<>();
    JsonFields report = null;
    List<JsonFields> objects = new ArrayList<>();
    for (JsonNode node : in.list("objects", MAX_OBJECTS)) {
      JsonFields object = object(node);
      objects.add(object);
      if (!ids.add(object.text("id", 300))) {
        throw object.fault("id", "appears twice");
      }
      if (object.path().equals("report")) {
        if (report != null) {
          throw object.fault("type", "more than one report");
        }
        report = object;
      }
    }
    if (report == null) {
      throw in.fault("objects", "no report");
    }
    for (JsonFields object : objects) {
      references(object, ids);
    }
    return new Opened(read(report), ObjectSignature.in(report.object()));
  }

  private static void identifier(JsonFields in, String type) throws MalformedException {
    StixId id;
    try {
      id = StixId.parse(in.text("id", 300));
    } catch (MalformedException e) {
      throw in.fault("id", String.valueOf(e.getMessage()));
    }
    if (!id.type().equals(type)) {
      throw in.fault("id", "expected one of type " + type);
    }
  }

  private static JsonFields object(JsonNode node) throws MalformedException {
    String type = new JsonFields(node, "object").text("type", 250);
    List<String> known = PROPERTIES.get(type);
    if (known == null) {
      throw new MalformedException("bundle.objects: unknown type " + Text.excerpt(type));
    }
    JsonFields object = JsonFields.of(node, type, known);
    object.constant("spec_version", "2.1");
    identifier(object, type);
    if (known.contains("created")) {
      time(object, "created");
      time(object, "modified");
    }
    return object;
  }

  private static void time(JsonFields object, String field) throws MalformedException {
    try {
      StixTime.parse(object.text(field, 40));
    } catch (MalformedException e) {
      throw object.fault(field, String.valueOf(e.getMessage()));
    }
  }

  private static void references(JsonFields object, Set<String> ids) throws MalformedException {
    if (object.has("created_by_ref") && !ids.contains(object.text("created_by_ref", 300))) {
      throw object.fault("created_by_ref", "not in the bundle");
    }
    if (object.has("object_refs")) {
      for (JsonNode reference : object.list("object_refs", MAX_OBJECTS)) {
        if (!reference.isString() || !ids.contains(reference.stringValue())) {
          throw object.fault("object_refs", "not in the bundle");
        }
      }
    }
  }

  private static Report read(JsonFields report) throws MalformedException {
    JsonFields extensions =
        JsonFields.of(report.node("extensions"), "report.extensions", List.of(Bundle.EXTENSION));
    JsonFields extension =
        JsonFields.of(
            extensions.node(Bundle.EXTENSION),
            "report.extension",
            List.of("extension_type", "claim_id", "claim", "evidence", "signature"));
    extension.constant("extension_type", "property-extension");
    Claim claim = ClaimJson.read(extension.node("claim"));
    if (!extension.hash("claim_id").equals(claim.id())) {
      throw extension.fault("claim_id", "not the id of the claim");
    }
    Evidence evidence = EvidenceJson.read(extension.node("evidence"));
    time(report, "published");
    return new Report(claim, evidence, report.text("description", Report.MAX_NARRATIVE));
  }
}
