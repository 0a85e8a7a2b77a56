package io.tocsin.chain;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Text;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Transactions as nodes write them in JSON.
 *
 * @see <a href="https://github.com/ethereum/execution-apis">Ethereum execution APIs, transaction
 *     object</a>
 */
public final class TransactionJson {
  private TransactionJson() {}

  /**
   * Rebuilds the signed transaction from its fields and checks it against the hash and the sender
   * that the node names.
   *
   * @throws MalformedException if a field is missing or wrong, or hash or sender differ
   */
  public static SignedTransaction parse(JsonNode object) throws MalformedException {
    Fields fields = fields(object);
    SignedTransaction parsed =
        SignedTransaction.of(fields.type(), fields.body(), fields.v(), fields.rs());
    if (!parsed.hash().toString().equals(lower(object, "hash"))) {
      throw new MalformedException("hash: the fields hash to " + parsed.hash());
    }
    if (!parsed.sender().toString().equals(lower(object, "from"))) {
      throw new MalformedException("from: the signature recovers to " + parsed.sender());
    }
    return parsed;
  }

  /**
   * The wire form of the transaction's fields, neither signature nor hash being looked at.
   *
   * @throws MalformedException if a field is missing or wrong
   */
  public static Bytes encode(JsonNode object) throws MalformedException {
    Fields fields = fields(object);
    return SignedTransaction.encode(fields.type(), fields.body(), fields.v(), fields.rs());
  }

  private record Fields(int type, List<Object> body, BigInteger v, BigInteger r, BigInteger s) {
    BigInteger[] rs() {
      return new BigInteger[] {r, s};
    }
  }

  private static Fields fields(JsonNode object) throws MalformedException {
    BigInteger named = object.has("type") ? quantity(object, "type") : BigInteger.ZERO;
    if (named.compareTo(BigInteger.valueOf(4)) > 0) {
      throw new MalformedException("type: unknown transaction type " + named);
    }
    int type = named.intValue();
    List<Object> body = new ArrayList<>();
    if (type > 0) {
      body.add(number(object, "chainId"));
    }
    body.add(number(object, "nonce"));
    if (type < 2) {
      body.add(number(object, "gasPrice"));
    } else {
      body.add(number(object, "maxPriorityFeePerGas"));
      body.add(number(object, "maxFeePerGas"));
    }
    body.add(number(object, "gas"));
    JsonNode to = object.get("to");
    body.add(to == null || to.isNull() ? new byte[0] : Address.parse(text(object, "to")).toArray());
    body.add(number(object, "value"));
    body.add(Bytes.parse(text(object, object.has("input") ? "input" : "data")).toArray());
    if (type > 0) {
      body.add(accessList(object.get("accessList")));
    }
    if (type == 3) {
      body.add(number(object, "maxFeePerBlobGas"));
      body.add(hashes(object.get("blobVersionedHashes")));
    }
    if (type == 4) {
      body.add(authorizations(object.get("authorizationList")));
    }
    String parity = type > 0 && object.has("yParity") ? "yParity" : "v";
    return new Fields(
        type, body, quantity(object, parity), quantity(object, "r"), quantity(object, "s"));
  }

  /** The call object with which a node simulates {@code transaction}; fee fields are left out. */
  public static ObjectNode callObject(SignedTransaction transaction) {
    TxCall call = transaction.call();
    ObjectNode object =
        Json.object()
            .put("from", transaction.sender().toString())
            .put("gas", quantity(BigInteger.valueOf(transaction.gas().amount())))
            .put("value", quantity(call.value().amount()))
            .put("data", call.input().toHex())
            .put("nonce", quantity(BigInteger.valueOf(transaction.nonce())));
    call.to().ifPresent(to -> object.put("to", to.toString()));
    transaction.writeLists(object);
    return object;
  }

  /** {@code value} as JSON-RPC writes quantities. */
  public static String quantity(BigInteger value) {
    return "0x" + value.toString(16);
  }

  /**
   * The quantity in field {@code name}.
   *
   * @throws MalformedException if it is missing, not hex, or longer than 32 bytes
   */
  public static BigInteger quantity(JsonNode object, String name) throws MalformedException {
    String text = text(object, name);
    try {
      return quantity(text);
    } catch (MalformedException e) {
      throw new MalformedException(name + ": " + e.getMessage(), e);
    }
  }

  /**
   * The quantity in {@code text}: {@code 0x} and 1 to 64 ASCII hex digits, no sign.
   *
   * @throws MalformedException if it is anything else
   */
  static BigInteger quantity(String text) throws MalformedException {
    boolean valid = text.startsWith("0x") && text.length() >= 3 && text.length() <= 66;
    for (int i = 2; valid && i < text.length(); i++) {
      valid = HexFormat.isHexDigit(text.charAt(i));
    }
    if (!valid) {
      throw new MalformedException("expected a hex quantity, found " + Text.excerpt(text));
    }
    return new BigInteger(text.substring(2), 16);
  }

  private static String text(JsonNode object, String name) throws MalformedException {
    return Json.text(object, name);
  }

  private static String lower(JsonNode object, String name) throws MalformedException {
    return text(object, name).toLowerCase(Locale.ROOT);
  }

  private static byte[] number(JsonNode object, String name) throws MalformedException {
    return Rlp.number(quantity(object, name));
  }

  private static List<Object> accessList(@Nullable JsonNode list) throws MalformedException {
    List<Object> out = new ArrayList<>();
    for (JsonNode entry : elements(list)) {
      out.add(
          List.of(
              Address.parse(text(entry, "address")).toArray(), hashes(entry.get("storageKeys"))));
    }
    return out;
  }

  private static List<Object> hashes(@Nullable JsonNode list) throws MalformedException {
    List<Object> out = new ArrayList<>();
    for (JsonNode entry : elements(list)) {
      out.add(Hash32.parse(entry.asString("")).toArray());
    }
    return out;
  }

  private static List<Object> authorizations(@Nullable JsonNode list) throws MalformedException {
    List<Object> out = new ArrayList<>();
    for (JsonNode entry : elements(list)) {
      out.add(
          List.of(
              number(entry, "chainId"),
              Address.parse(text(entry, "address")).toArray(),
              number(entry, "nonce"),
              number(entry, "yParity"),
              number(entry, "r"),
              number(entry, "s")));
    }
    return out;
  }

  private static Iterable<JsonNode> elements(@Nullable JsonNode list) {
    return list == null ? List.of() : list;
  }

  /** Writes an RLP access list or authorisation list in its JSON form. */
  static void writeList(ObjectNode object, String name, List<?> items) {
    ArrayNode out = object.putArray(name);
    for (Object item : items) {
      List<?> parts = (List<?>) item;
      ObjectNode entry = out.addObject();
      if (name.equals("accessList")) {
        entry.put("address", hex(parts.get(0)));
        ArrayNode keys = entry.putArray("storageKeys");
        ((List<?>) parts.get(1)).forEach(key -> keys.add(hex(key)));
      } else {
        String[] fields = {"chainId", "", "nonce", "yParity", "r", "s"};
        for (int i = 0; i < fields.length; i++) {
          if (i == 1) {
            entry.put("address", hex(parts.get(1)));
          } else {
            entry.put(fields[i], quantity(new BigInteger(1, (byte[]) parts.get(i))));
          }
        }
      }
    }
  }

  private static String hex(Object item) {
    return Bytes.of((byte[]) item).toHex();
  }

  /** The recipient a node's JSON names, if any. */
  public static Optional<Address> to(JsonNode object) throws MalformedException {
    JsonNode to = object.get("to");
    return to == null || to.isNull()
        ? Optional.empty()
        : Optional.of(Address.parse(text(object, "to")));
  }
}
