package io.tocsin.adapter.mesh;

import com.esaulpaugh.headlong.rlp.RLPDecoder;
import com.esaulpaugh.headlong.rlp.RLPEncoder;
import com.esaulpaugh.headlong.rlp.RLPItem;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.crypto.Domain;
import io.tocsin.crypto.Keccak;
import io.tocsin.crypto.PublicKey;
import io.tocsin.crypto.Secp256k1;
import io.tocsin.crypto.Signature;
import io.tocsin.crypto.Signer;
import io.tocsin.crypto.StructHash;
import java.util.ArrayList;
import java.util.List;

/**
 * The first frame each side sends: the RLP list {@code [1, federationId, account, signature]}, the
 * signature being over the EIP-712 struct {@code Hello(address account,bytes32 binding,uint8 role)}
 * in the federation's domain.
 *
 * <p>The binding is exported from the TLS session (RFC 9266 in spirit, with a label of our own) and
 * so differs on each connection and on each side of one in the middle; the role, 1 for who dialled
 * and 2 for who was dialled, keeps a hello from being sent back.
 */
record Hello(Hash32 federation, Address account, Signature signature) {
  /** The label of the exported keying material (RFC 5705, RFC 8446 section 7.5). */
  static final String LABEL = "EXPORTER-Tocsin-hello";

  /** Its length in bytes. */
  static final int BINDING_BYTES = 32;

  /** The largest hello, in bytes. */
  static final int MAX_BYTES = 256;

  private static final Hash32 TYPE =
      Keccak.hashUtf8("Hello(address account,bytes32 binding,uint8 role)");

  private static Hash32 structHash(Address account, Hash32 binding, boolean dialled) {
    return StructHash.ofTypeHash(TYPE)
        .address(account)
        .bytes32(binding)
        .uint(dialled ? 1 : 2)
        .hash();
  }

  /** Our hello; {@code dialled} says whether it was we who connected. */
  static Hello sign(Signer signer, Domain domain, Hash32 binding, boolean dialled) {
    Address account = signer.address();
    return new Hello(
        domain.salt(), account, signer.sign(domain, structHash(account, binding, dialled)));
  }

  /** Whether {@code key} signed this hello for the session of {@code binding}. */
  boolean signedBy(PublicKey key, Domain domain, Hash32 binding, boolean dialled) {
    return key.address().equals(account)
        && Secp256k1.verify(signature, domain.digest(structHash(account, binding, dialled)), key);
  }

  Bytes encode() {
    return Bytes.of(
        RLPEncoder.list(
            new byte[] {1}, federation.toArray(), account.toArray(), signature.bytes().toArray()));
  }

  static Hello decode(Bytes wire) throws MalformedException {
    List<Bytes> fields = new ArrayList<>();
    try {
      byte[] content = wire.toArray();
      RLPItem item = RLPDecoder.RLP_STRICT.wrap(content);
      if (!item.isList() || item.endIndex != content.length) {
        throw new MalformedException("hello: expected one RLP list");
      }
      for (RLPItem field : item.asRLPList().elements()) {
        fields.add(field.isList() ? Bytes.EMPTY : Bytes.of(field.data()));
      }
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new MalformedException("hello: not canonical RLP", e);
    }
    if (fields.size() != 4
        || !fields.get(0).equals(Bytes.of((byte) 1))
        || fields.get(1).size() != 32
        || fields.get(2).size() != 20) {
      throw new MalformedException("hello: expected four fields of version 1");
    }
    return new Hello(
        new Hash32(fields.get(1)), new Address(fields.get(2)), Signature.parse(fields.get(3)));
  }
}
