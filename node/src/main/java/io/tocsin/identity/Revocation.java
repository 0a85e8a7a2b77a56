package io.tocsin.identity;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.crypto.Domain;
import io.tocsin.crypto.Keccak;
import io.tocsin.crypto.PublicKey;
import io.tocsin.crypto.Rlp;
import io.tocsin.crypto.Secp256k1;
import io.tocsin.crypto.Signature;
import io.tocsin.crypto.Signer;
import io.tocsin.crypto.StructHash;
import io.tocsin.crypto.Topic;
import java.util.List;

/**
 * A member's own statement that its attest key must not be believed any more. It counts at once and
 * for ever; the weight of the roster stays as it was.
 */
public record Revocation(Address account, Signature signature) {
  /** Revocations among members; whoever sends one, only its owner's signature counts. */
  public static final Topic<Revocation> TOPIC = new Topic<>("revocation", Revocation::decode, 256);

  private static final Hash32 TYPE = Keccak.hashUtf8("Revocation(address account)");

  /** Revokes the key of {@code attest}. */
  public static Revocation sign(Signer attest, Domain domain) {
    return new Revocation(attest.address(), attest.sign(domain, structHash(attest.address())));
  }

  private static Hash32 structHash(Address account) {
    return StructHash.ofTypeHash(TYPE).address(account).hash();
  }

  /** Whether {@code key} is the account's and signed this in {@code domain}. */
  public boolean signedBy(PublicKey key, Domain domain) {
    return key.address().equals(account)
        && Secp256k1.verify(signature, domain.digest(structHash(account)), key);
  }

  /** The wire form: RLP {@code [account, signature]}. */
  public Bytes encode() {
    return Rlp.encode(List.of(account, signature.bytes()));
  }

  /**
   * Reads the wire form.
   *
   * @throws MalformedException if {@code wire} is anything else
   */
  public static Revocation decode(Bytes wire) throws MalformedException {
    Rlp.Reader reader = Rlp.read(wire, "revocation");
    Address account = reader.address("account");
    Signature signature = Signature.parse(reader.bytes("signature"));
    reader.end();
    return new Revocation(account, signature);
  }
}
