package io.tocsin.claim;

import io.tocsin.base.Address;
import io.tocsin.base.CanonicalJson;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.claim.Claim.AllClear;
import io.tocsin.claim.Claim.ExploitMined;
import io.tocsin.claim.Claim.ExploitPending;
import io.tocsin.claim.Claim.RosterChanged;
import io.tocsin.stix.StixId;
import io.tocsin.stix.StixTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The STIX 2.1 objects of one report. Owned by one thread; used once. */
final class Bundle {
  /** The extension that holds a claim in a report. */
  static final String EXTENSION = "extension-definition--8e9805c2-f898-5970-b098-4d20e1fbcc28";

  private static final String PROJECT = "identity--95d71c5d-44dc-5733-91e4-b55f0abf089f";
  private static final String TRANSACTION_EXTENSION =
      "extension-definition--151d042d-4dcf-5e44-843f-1024440318e5";
  private static final Instant PUBLISHED = Instant.parse("2026-01-01T00:00:00Z");
  private static final Map<String, String> NATIVE =
      Map.of(
          "eip155:1", "ETH",
          "eip155:10", "ETH",
          "eip155:56", "BNB",
          "eip155:137", "POL",
          "eip155:8453", "ETH",
          "eip155:42161", "ETH",
          "eip155:43114", "AVAX");

  private final Report report;
  private final Address author;
  private final Instant written;
  private final String key;
  private final List<ObjectNode> objects = new ArrayList<>();

  Bundle(Report report, Address author, Instant written) {
    this.report = report;
    this.author = author;
    this.written = written;
    this.key = report.claim().id() + " " + author;
  }

  ObjectNode write() {
    ObjectNode identity =
        object("identity", ObjectSignature.identity(author), written)
            .put("name", "did:pkh:eip155:1:" + author)
            .put("identity_class", "organization");
    ObjectNode project =
        object("identity", PROJECT, PUBLISHED)
            .put("name", "Tocsin")
            .put("identity_class", "organization");
    ObjectNode definition =
        object("extension-definition", EXTENSION, PUBLISHED)
            .put("created_by_ref", PROJECT)
            .put("name", "Tocsin claim")
            .put(
                "description",
                "A statement about a chain that every observer derives alike, in the report that"
                    + " brings it.")
            .put("schema", "https://tocsin.io/schemas/stix-claim-1.json")
            .put("version", "1.0.0");
    definition.putArray("extension_types").add("property-extension");
    objects.addAll(List.of(identity, project, definition));
    String me = identity.get("id").stringValue();
    String subject =
        switch (report.claim()) {
          case ExploitMined c -> observed(c, me);
          case ExploitPending c -> indicator(c, me);
          case AllClear _, RosterChanged _ -> me;
        };
    objects.add(report(me, subject));
    ObjectNode bundle =
        Json.object().put("type", "bundle").put("id", StixId.named("bundle", key).toString());
    ArrayNode list = bundle.putArray("objects");
    objects.forEach(list::add);
    return bundle;
  }

  private static ObjectNode object(String type, String id, Instant time) {
    return Json.object()
        .put("type", type)
        .put("spec_version", "2.1")
        .put("id", id)
        .put("created", StixTime.format(time))
        .put("modified", StixTime.format(time));
  }

  private String observed(ExploitMined claim, String me) {
    String time = StixTime.format(claim.block().time());
    String symbol = NATIVE.getOrDefault(claim.chain().toString(), "EVM");
    ObjectNode identifying = Json.object().put("symbol", symbol).put("value", "" + claim.tx());
    String id =
        StixId.observable("cryptocurrency-transaction", CanonicalJson.write(identifying).toUtf8())
            .toString();
    ObjectNode transaction =
        Json.object()
            .put("type", "cryptocurrency-transaction")
            .put("spec_version", "2.1")
            .put("id", id)
            .put("symbol", symbol)
            .put("value", claim.tx().toString())
            .put("execution_time", time);
    transaction
        .putObject("extensions")
        .putObject(TRANSACTION_EXTENSION)
        .put("extension_type", "new-sco");
    ObjectNode observed =
        object("observed-data", StixId.named("observed-data", key).toString(), written)
            .put("created_by_ref", me)
            .put("first_observed", time)
            .put("last_observed", time)
            .put("number_observed", 1);
    observed.putArray("object_refs").add(id);
    objects.add(transaction);
    objects.add(observed);
    return observed.get("id").stringValue();
  }

  private String indicator(ExploitPending claim, String me) {
    ObjectNode indicator =
        object("indicator", StixId.named("indicator", key).toString(), written)
            .put("created_by_ref", me)
            .put("name", "Pending transaction " + claim.tx())
            .put("pattern", "[cryptocurrency-transaction:value = '" + claim.tx() + "']")
            .put("pattern_type", "stix")
            .put("valid_from", StixTime.format(claim.head().time()));
    indicator.putArray("indicator_types").add("malicious-activity");
    objects.add(indicator);
    return indicator.get("id").stringValue();
  }

  private ObjectNode report(String me, String subject) {
    ObjectNode out =
        object("report", StixId.named("report", key).toString(), written)
            .put("created_by_ref", me)
            .put("name", title())
            .put("description", report.narrative())
            .put("published", StixTime.format(written));
    out.putArray("report_types")
        .add(report.claim() instanceof ExploitPending ? "indicator" : "observed-data");
    out.putArray("object_refs").add(subject);
    ObjectNode extension = out.putObject("extensions").putObject(EXTENSION);
    extension.put("extension_type", "property-extension");
    extension.put("claim_id", report.claim().id().toString());
    extension.set("claim", ClaimJson.write(report.claim()));
    extension.set("evidence", EvidenceJson.write(report.evidence()));
    return out;
  }

  private String title() {
    return switch (report.claim()) {
      case ExploitMined c -> exploit("Exploit of ", c.chain(), c.subject().address(), c.tx());
      case ExploitPending c ->
          exploit("Pending exploit of ", c.chain(), c.subject().address(), c.tx());
      case AllClear c -> "All clear on " + c.chain() + " for claim " + c.claimId();
      case RosterChanged c -> "Roster of epoch " + c.epoch();
    };
  }

  private static String exploit(String what, ChainId chain, Address subject, Hash32 tx) {
    return what + chain + ":" + subject + " by transaction " + tx;
  }
}
