package io.tocsin.base;

import java.io.InputStream;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Strict JSON: duplicate keys, trailing text, text over 64 MiB and nesting over 4,200 levels are
 * refused (a call tree of the EVM's depth limit 1,024 takes at most four levels a frame).
 */
public final class Json {
  private static final JsonMapper STRICT = mapper(4_200);
  private static final JsonMapper SHALLOW = mapper(64);
  private static final ObjectReader ELEMENT =
      STRICT.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private Json() {}

  private static JsonMapper mapper(int depth) {
    return JsonMapper.builder(
            JsonFactory.builder()
                .streamReadConstraints(
                    StreamReadConstraints.builder()
                        .maxNestingDepth(depth)
                        .maxStringLength(64 << 20)
                        .maxDocumentLength(256L << 20)
                        .maxNumberLength(1_000)
                        .build())
                .build())
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
        .build();
  }

  /** The mapper for text from a trusted file or an endpoint of our own. */
  public static JsonMapper mapper() {
    return STRICT;
  }

  /** A new empty object. */
  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /**
   * Parses one JSON document of any depth up to 4,200.
   *
   * @throws MalformedException with line and column of the fault
   */
  public static JsonNode parse(byte[] text) throws MalformedException {
    return read(STRICT, text);
  }

  /**
   * Parses one JSON document of a peer: at most 64 levels deep.
   *
   * @throws MalformedException with line and column of the fault
   */
  public static JsonNode parseForeign(byte[] text) throws MalformedException {
    return read(SHALLOW, text);
  }

  /** Takes the elements of an array one by one. */
  @FunctionalInterface
  public interface Elements {
    /** The next one. */
    void take(JsonNode element);
  }

  /**
   * Reads one JSON document from a stream. Of an array, each element is handed on as soon as it is
   * read, so that the whole need not fit into memory; anything else is handed on as it is.
   *
   * @throws MalformedException with line and column of the fault; what came before was handed on
   */
  public static void elements(InputStream text, Elements sink) throws MalformedException {
    try (JsonParser parser = STRICT.createParser(text)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw new MalformedException("expected a JSON document, found nothing");
      }
      if (first != JsonToken.START_ARRAY) {
        sink.take(ELEMENT.readTree(parser));
      } else {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          sink.take(ELEMENT.readTree(parser));
        }
      }
      if (parser.nextToken() != null) {
        throw new MalformedException("not valid JSON: something stands behind the document");
      }
    } catch (JacksonException e) {
      throw malformed(e);
    } catch (NumberFormatException e) {
      throw new MalformedException("not valid JSON: a number beyond every limit", e);
    }
  }

  private static MalformedException malformed(JacksonException e) {
    var at = e.getLocation();
    String where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
    return new MalformedException("not valid JSON" + where + ": " + e.getOriginalMessage(), e);
  }

  private static JsonNode read(JsonMapper mapper, byte[] text) throws MalformedException {
    try {
      JsonNode node = mapper.readTree(text);
      if (node == null || node.isMissingNode()) {
        throw new MalformedException("expected a JSON document, found nothing");
      }
      return node;
    } catch (JacksonException e) {
      throw malformed(e);
    } catch (NumberFormatException e) {
      throw new MalformedException("not valid JSON: a number beyond every limit", e);
    }
  }

  /** The document as UTF-8 on one line. */
  public static byte[] write(Object document) {
    return STRICT.writeValueAsBytes(document);
  }

  /** The document indented for people. */
  public static String pretty(Object document) {
    return STRICT.writerWithDefaultPrettyPrinter().writeValueAsString(document);
  }

  /**
   * The text of field {@code name}.
   *
   * @throws MalformedException if it is missing or not a string
   */
  public static String text(JsonNode object, String name) throws MalformedException {
    JsonNode field = object.get(name);
    if (field == null || !field.isString()) {
      throw new MalformedException("field " + name + ": expected a string");
    }
    return field.stringValue();
  }

  /**
   * Refuses an object with fields other than {@code known}.
   *
   * @throws MalformedException naming the first unknown field
   */
  public static void onlyFields(JsonNode object, List<String> known) throws MalformedException {
    for (String name : object.propertyNames()) {
      if (!known.contains(name)) {
        throw new MalformedException("unknown field " + Text.excerpt(name));
      }
    }
  }
}
