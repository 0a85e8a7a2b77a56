package io.tocsin.adapter.keys;

import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.JsonFields;
import io.tocsin.base.MalformedException;
import io.tocsin.crypto.PublicKey;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * What of a member's keys anyone may know: the content of {@code public.json} in its key directory.
 *
 * @param tls the SHA-256 hash of the TLS key's SubjectPublicKeyInfo
 */
public record PublicParts(
    String name,
    Optional<PublicKey> attest,
    Optional<PublicKey> responder,
    Optional<Hash32> tls,
    Optional<Hash32> x25519) {
  private static final String FORMAT = "tocsin-keys/1";

  /** The parts of a member without keys. */
  public static PublicParts none(String name) {
    return new PublicParts(
        name, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** The account of the attest key: the member's id. */
  public Optional<Address> account() {
    return attest.map(PublicKey::address);
  }

  /** The document. */
  public ObjectNode write() {
    ObjectNode out = Json.object().put("format", FORMAT).put("name", name);
    attest.ifPresent(key -> key(out.putObject("attest"), key));
    responder.ifPresent(key -> key(out.putObject("responder"), key));
    tls.ifPresent(hash -> out.put("tlsKey", hash.toString()));
    x25519.ifPresent(key -> out.put("x25519", key.toString()));
    return out;
  }

  private static void key(ObjectNode out, PublicKey key) {
    out.put("account", key.address().toString()).put("publicKey", key.toString());
  }

  /**
   * Reads the document.
   *
   * @throws MalformedException naming the field at fault
   */
  public static PublicParts read(byte[] document) throws MalformedException {
    JsonFields in =
        JsonFields.of(
            Json.parse(document),
            "public keys",
            List.of("format", "name", "attest", "responder", "tlsKey", "x25519"));
    in.constant("format", FORMAT);
    return new PublicParts(
        in.text("name", 64),
        key(in, "attest"),
        key(in, "responder"),
        in.has("tlsKey") ? Optional.of(in.hash("tlsKey")) : Optional.empty(),
        in.has("x25519") ? Optional.of(in.hash("x25519")) : Optional.empty());
  }

  private static Optional<PublicKey> key(JsonFields in, String name) throws MalformedException {
    if (!in.has(name)) {
      return Optional.empty();
    }
    JsonFields key = JsonFields.of(in.node(name), name, List.of("account", "publicKey"));
    PublicKey point = PublicKey.parse(key.bytes("publicKey", 64));
    if (!point.address().equals(key.address("account"))) {
      throw key.fault("account", "not the account of the public key");
    }
    return Optional.of(point);
  }
}
