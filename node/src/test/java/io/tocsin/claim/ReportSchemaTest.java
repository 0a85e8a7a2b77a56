package io.tocsin.claim;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.crypto.Domain;
import io.tocsin.crypto.Keccak;
import io.tocsin.crypto.KeyPair;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Bundles against the schemas of OASIS and of the extensions. */
final class ReportSchemaTest {
  private static final String OASIS =
      "http://raw.githubusercontent.com/oasis-open/cti-stix2-json-schemas/stix2.1/schemas/";
  private static final String OASIS_MASTER =
      "https://raw.githubusercontent.com/oasis-open/cti-stix2-json-schemas/master/schemas/";
  private static final String OBSERVABLE = "urn:cryptocurrency-transaction";
  private static final String CLAIM = "https://tocsin.io/schemas/stix-claim-1.json";
  private static final Map<String, String> FOLDERS =
      Map.of(
          "identity", "sdos/",
          "observed-data", "sdos/",
          "indicator", "sdos/",
          "report", "sdos/",
          "extension-definition", "common/");

  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12,
          builder -> builder.schemas(ReportSchemaTest::content));

  private static @Nullable String content(String id) {
    if (id.equals(CLAIM)) {
      return resource("/stix/claim-1.json");
    }
    if (id.equals(OBSERVABLE)) {
      return resource("/stix/extension/cryptocurrency-transaction.json");
    }
    for (String prefix : new String[] {OASIS, OASIS_MASTER}) {
      if (id.startsWith(prefix)) {
        return resource("/stix/oasis/" + id.substring(prefix.length()));
      }
    }
    return null;
  }

  private static String resource(String path) {
    try (InputStream in = ReportSchemaTest.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + path);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Schema schema(String id) {
    return registry.getSchema(SchemaLocation.of(id));
  }

  private Schema schemaOf(String type) {
    return type.equals("cryptocurrency-transaction")
        ? schema(OBSERVABLE)
        : schema(OASIS + FOLDERS.get(type) + type + ".json");
  }

  private static final Author AUTHOR =
      new Author(KeyPair.generate(new Random(7)), new Domain(Keccak.hashUtf8("town")));

  private static ObjectNode bundle(Claim claim) throws MalformedException {
    return (ObjectNode)
        Json.parse(ReportCodec.encode(Samples.report(claim), AUTHOR, Samples.BLOCK_TIME).toArray());
  }

  /** The bundle schema lists no extension definitions and takes them for two things at once. */
  private static ObjectNode withoutDefinition(ObjectNode bundle) {
    ObjectNode copy = bundle.deepCopy();
    ArrayNode objects = copy.putArray("objects");
    for (JsonNode object : bundle.get("objects")) {
      if (!object.get("type").stringValue().equals("extension-definition")) {
        objects.add(object);
      }
    }
    return copy;
  }

  @Test
  void everyObjectKeepsItsSchema() throws MalformedException {
    for (Claim claim : Samples.everyKind()) {
      ObjectNode bundle = bundle(claim);
      assertThat(schema(OASIS + "common/bundle.json").validate(withoutDefinition(bundle)))
          .isEmpty();
      for (JsonNode object : bundle.get("objects")) {
        String type = Json.text(object, "type");
        assertThat(schemaOf(type).validate(object)).as(type).isEmpty();
        if (type.equals("report")) {
          JsonNode extension = object.get("extensions").get(Bundle.EXTENSION);
          assertThat(schema(CLAIM).validate(extension)).isEmpty();
        }
      }
    }
  }

  @Test
  void theSchemasDoRefuse() throws MalformedException {
    ObjectNode bundle = bundle(Samples.mined(1));
    for (JsonNode object : bundle.get("objects")) {
      ObjectNode damaged = (ObjectNode) object.deepCopy();
      damaged.put("id", "nothing");
      assertThat(schemaOf(Json.text(object, "type")).validate(damaged)).isNotEmpty();
      if (object.get("extensions") != null && object.get("extensions").has(Bundle.EXTENSION)) {
        ObjectNode extension =
            (ObjectNode) object.get("extensions").get(Bundle.EXTENSION).deepCopy();
        extension.put("more", 1);
        assertThat(schema(CLAIM).validate(extension)).isNotEmpty();
      }
    }
  }
}
