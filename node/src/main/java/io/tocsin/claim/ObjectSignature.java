package io.tocsin.claim;

import io.tocsin.base.Address;
import io.tocsin.base.CanonicalJson;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.JsonFields;
import io.tocsin.base.MalformedException;
import io.tocsin.crypto.Domain;
import io.tocsin.crypto.Keccak;
import io.tocsin.crypto.KeyDirectory;
import io.tocsin.crypto.PublicKey;
import io.tocsin.crypto.Secp256k1;
import io.tocsin.crypto.Signature;
import io.tocsin.crypto.StructHash;
import io.tocsin.stix.StixId;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An author's signature in the report object itself, which holds wherever the object travels: in
 * another order, with other blanks, outside of its bundle and its envelope.
 *
 * <p>Signed is the EIP-712 struct {@code StixObject(address signer,bytes32 objectHash)} in the
 * federation's domain, the hash being Keccak-256 of the object's canonical JSON (RFC 8785) without
 * the signature.
 */
public record ObjectSignature(Address signer, Hash32 objectHash, Signature signature) {
  private static final String FIELD = "signature";
  private static final Hash32 TYPE =
      Keccak.hashUtf8("StixObject(address signer,bytes32 objectHash)");

  private static Hash32 structHash(Address signer, Hash32 objectHash) {
    return StructHash.ofTypeHash(TYPE).address(signer).bytes32(objectHash).hash();
  }

  /** Adds the author's signature to a report object. */
  static void add(ObjectNode report, Author author) {
    Hash32 struct = structHash(author.account(), Keccak.hash(CanonicalJson.write(report)));
    extension(report)
        .putObject(FIELD)
        .put("signer", author.account().toString())
        .put("value", author.signer().sign(author.domain(), struct).toString());
  }

  /**
   * The signature in a report object, if there is one.
   *
   * @throws MalformedException if it is not well formed or not of the author that the object names
   */
  static Optional<ObjectSignature> in(JsonNode report) throws MalformedException {
    if (!(report.deepCopy() instanceof ObjectNode rest) || !extension(rest).has(FIELD)) {
      return Optional.empty();
    }
    JsonFields in =
        JsonFields.of(extension(rest).get(FIELD), "report.signature", List.of("signer", "value"));
    Address signer = in.address("signer");
    Signature signature;
    try {
      signature = Signature.parse(in.bytes("value", 65));
    } catch (MalformedException e) {
      throw in.fault("value", String.valueOf(e.getMessage()));
    }
    if (!identity(signer).equals(Json.text(report, "created_by_ref"))) {
      throw in.fault("signer", "not the author that created_by_ref names");
    }
    extension(rest).remove(FIELD);
    try {
      Hash32 hash = Keccak.hash(CanonicalJson.write(rest));
      return Optional.of(new ObjectSignature(signer, hash, signature));
    } catch (IllegalArgumentException e) {
      throw new MalformedException("report: it has no canonical form: " + e.getMessage(), e);
    }
  }

  /** The id of the identity object of a member. */
  static String identity(Address member) {
    return StixId.named("identity", member.toString()).toString();
  }

  private static ObjectNode extension(ObjectNode report) {
    return report.path("extensions").path(Bundle.EXTENSION) instanceof ObjectNode extension
        ? extension
        : Json.object();
  }

  /** Whether the owner of {@code key} signed in {@code domain}. */
  public boolean by(PublicKey key, Domain domain) {
    return key.address().equals(signer)
        && Secp256k1.verify(signature, domain.digest(structHash(signer, objectHash)), key);
  }

  /**
   * Requires the signature to be one of a member, present or former.
   *
   * @throws MalformedException if it is not
   */
  void require(Domain domain, KeyDirectory keys) throws MalformedException {
    if (keys.everKeyOf(signer).filter(key -> by(key, domain)).isEmpty()) {
      throw new MalformedException("report.signature: not made by member " + signer);
    }
  }
}
