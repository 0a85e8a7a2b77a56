package io.tocsin.base;

import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Reads one JSON object strictly, field by field: every fault names the field's path.
 *
 * @param path where the object stands, for the messages
 */
public record JsonFields(JsonNode object, String path) {
  /** The largest integer that every JSON reader keeps. */
  private static final long EXACT = (1L << 53) - 1;

  /**
   * The object {@code node}, which has no fields but those {@code known}.
   *
   * @throws MalformedException if it is no object or has others
   */
  public static JsonFields of(JsonNode node, String path, List<String> known)
      throws MalformedException {
    if (!node.isObject()) {
      throw new MalformedException(path + ": expected an object");
    }
    try {
      Json.onlyFields(node, known);
    } catch (MalformedException e) {
      throw new MalformedException(path + ": " + e.getMessage(), e);
    }
    return new JsonFields(node, path);
  }

  /** A fault in field {@code name}. */
  public MalformedException fault(String name, String why) {
    return new MalformedException(path + "." + name + ": " + why);
  }

  /** Whether there is a field {@code name}. */
  public boolean has(String name) {
    return object.has(name);
  }

  /**
   * The field {@code name}.
   *
   * @throws MalformedException if it is missing
   */
  public JsonNode node(String name) throws MalformedException {
    JsonNode node = object.get(name);
    if (node == null) {
      throw fault(name, "missing");
    }
    return node;
  }

  /**
   * The string {@code name}.
   *
   * @throws MalformedException if it is missing, of another type, or over {@code max} characters
   */
  public String text(String name, int max) throws MalformedException {
    JsonNode node = node(name);
    if (!node.isString()) {
      throw fault(name, "expected a string");
    }
    String text = node.stringValue();
    if (text.length() > max) {
      throw fault(name, "longer than " + max + " characters");
    }
    return text;
  }

  /**
   * Requires the string {@code name} to be {@code value}.
   *
   * @throws MalformedException if it is anything else
   */
  public void constant(String name, String value) throws MalformedException {
    if (!text(name, 1_000).equals(value)) {
      throw fault(name, "expected " + value);
    }
  }

  /**
   * The integer {@code name}, from 0 to 2^53-1.
   *
   * @throws MalformedException if it is anything else
   */
  public long number(String name) throws MalformedException {
    JsonNode node = node(name);
    if (!node.isIntegralNumber()
        || !node.canConvertToLong()
        || node.longValue() < 0
        || node.longValue() > EXACT) {
      throw fault(name, "expected an integer from 0 to 2^53-1");
    }
    return node.longValue();
  }

  /**
   * The hex bytes {@code name}.
   *
   * @throws MalformedException if it is anything else, or over {@code max} bytes
   */
  public Bytes bytes(String name, int max) throws MalformedException {
    try {
      return Bytes.parse(text(name, 2 + 2 * max));
    } catch (MalformedException e) {
      throw fault(name, String.valueOf(e.getMessage()));
    }
  }

  /**
   * The hash {@code name}.
   *
   * @throws MalformedException if it is anything else
   */
  public Hash32 hash(String name) throws MalformedException {
    Bytes bytes = bytes(name, 32);
    if (bytes.size() != 32) {
      throw fault(name, "expected 32 bytes of hex, found " + bytes.size());
    }
    return new Hash32(bytes);
  }

  /**
   * The address {@code name}.
   *
   * @throws MalformedException if it is anything else
   */
  public Address address(String name) throws MalformedException {
    Bytes bytes = bytes(name, 20);
    if (bytes.size() != 20) {
      throw fault(name, "expected an address of 20 bytes, found " + bytes.size());
    }
    return new Address(bytes);
  }

  /**
   * The array {@code name}.
   *
   * @throws MalformedException if it is anything else, or has more than {@code max} elements
   */
  public List<JsonNode> list(String name, int max) throws MalformedException {
    JsonNode node = node(name);
    if (!node.isArray() || node.size() > max) {
      throw fault(name, "expected an array of at most " + max);
    }
    return List.copyOf(node.values());
  }
}
