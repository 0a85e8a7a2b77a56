package io.tocsin.identity;

import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.crypto.Domain;
import io.tocsin.crypto.Keccak;
import io.tocsin.crypto.PublicKey;
import io.tocsin.crypto.Secp256k1;
import io.tocsin.crypto.Signature;
import io.tocsin.crypto.Signer;
import io.tocsin.crypto.StructHash;

/**
 * A member's record of itself, signed by its attest key in {@link Domain#JOINING}.
 *
 * @param key the attest key; its account is the member's id
 * @param weight from 1 to {@link #MAX_WEIGHT}
 */
public record Member(PublicKey key, Keys keys, Contact contact, long weight, Signature signature) {
  /** The largest weight. */
  public static final long MAX_WEIGHT = 1_000_000_000;

  private static final Hash32 TYPE =
      Keccak.hashUtf8(
          "Member(address account,bytes publicKey,bytes32 tlsKeyHash,bytes32 x25519,string"
              + " endpoint,string operator,uint64 weight)");

  public Member {
    requireWeight(weight);
  }

  /**
   * A member's further public keys.
   *
   * @param tls the SHA-256 hash of the SubjectPublicKeyInfo of its TLS key (P-256)
   * @param x25519 its public key for encryption to it (RFC 7748)
   */
  public record Keys(Hash32 tls, Hash32 x25519) {}

  private static void requireWeight(long weight) {
    if (weight < 1 || weight > MAX_WEIGHT) {
      throw new IllegalArgumentException("weight: expected 1 to 1,000,000,000, found " + weight);
    }
  }

  /** The record of the owner of {@code attest}, signed. */
  public static Member sign(Signer attest, Keys keys, Contact contact, long weight) {
    requireWeight(weight);
    Hash32 struct = structHash(attest.publicKey(), keys, contact, weight);
    return new Member(
        attest.publicKey(), keys, contact, weight, attest.sign(Domain.JOINING, struct));
  }

  private static Hash32 structHash(PublicKey key, Keys keys, Contact contact, long weight) {
    return StructHash.ofTypeHash(TYPE)
        .address(key.address())
        .bytes(key.point())
        .bytes32(keys.tls())
        .bytes32(keys.x25519())
        .string(contact.endpoint())
        .string(contact.operator())
        .uint(weight)
        .hash();
  }

  /** The account of the attest key. */
  public Address account() {
    return key.address();
  }

  /** The decentralised identifier, {@code did:pkh:eip155:1:0x…}. */
  public String did() {
    return "did:pkh:eip155:1:" + account();
  }

  /** The EIP-712 struct hash. */
  public Hash32 structHash() {
    return structHash(key, keys, contact, weight);
  }

  /** Whether the member signed this record. */
  public boolean authentic() {
    return Secp256k1.verify(signature, Domain.JOINING.digest(structHash()), key);
  }

  /** The member's seat in a roster. */
  public Seat seat() {
    return new Seat(account(), weight, Keccak.hashUtf8(contact.operator()));
  }
}
