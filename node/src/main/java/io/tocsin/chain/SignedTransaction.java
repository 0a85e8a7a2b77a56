package io.tocsin.chain;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.ChainId;
import io.tocsin.base.Gas;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Wei;
import io.tocsin.crypto.Keccak;
import io.tocsin.crypto.PublicKey;
import io.tocsin.crypto.Secp256k1;
import io.tocsin.crypto.Signature;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * A signed Ethereum transaction of type 0, 1, 2, 3 or 4, its sender recovered from its signature.
 *
 * @see <a href="https://eips.ethereum.org/EIPS/eip-2718">EIP-2718</a>
 * @see <a href="https://eips.ethereum.org/EIPS/eip-2930">EIP-2930 (type 1)</a>
 * @see <a href="https://eips.ethereum.org/EIPS/eip-1559">EIP-1559 (type 2)</a>
 * @see <a href="https://eips.ethereum.org/EIPS/eip-4844">EIP-4844 (type 3)</a>
 * @see <a href="https://eips.ethereum.org/EIPS/eip-7702">EIP-7702 (type 4)</a>
 */
public final class SignedTransaction {
  /** Fields before the signature, by type. */
  private static final int[] FIELDS = {6, 8, 9, 11, 10};

  /** What always fits into the 18 digits of a {@link ChainId}. */
  private static final int MAX_CHAIN_BITS = 59;

  private final Bytes encoded;
  private final int type;
  private final List<Object> body;
  private final Hash32 digest;
  private final Address sender;
  private final Optional<ChainId> chain;

  private SignedTransaction(int type, List<Object> body, BigInteger v, BigInteger[] rs)
      throws MalformedException {
    this.type = type;
    this.body = List.copyOf(body);
    this.encoded = encode(type, body, v, rs);
    int recovery = recoveryId(type, v);
    this.chain = chain(type, body, v);
    List<Object> signed = new ArrayList<>(body);
    if (type == 0 && chain.isPresent()) {
      signed.addAll(List.of(Rlp.number(chain.get().evmId()), new byte[0], new byte[0]));
    }
    Bytes unsigned = Rlp.list(signed);
    this.digest = Keccak.hash(type == 0 ? unsigned : prefix(type).concat(unsigned));
    Signature signature =
        Signature.parse(word(rs[0]).concat(word(rs[1])).concat(Bytes.of((byte) (27 + recovery))));
    this.sender =
        Secp256k1.recover(signature, digest)
            .map(PublicKey::address)
            .orElseThrow(() -> new MalformedException("the signature recovers to no key"));
    check();
  }

  /** The wire form of these fields, whatever they are. */
  static Bytes encode(int type, List<Object> body, BigInteger v, BigInteger[] rs) {
    List<Object> all = new ArrayList<>(body);
    all.addAll(List.of(Rlp.number(v), Rlp.number(rs[0]), Rlp.number(rs[1])));
    Bytes list = Rlp.list(all);
    return type == 0 ? list : prefix(type).concat(list);
  }

  private static Bytes prefix(int type) {
    return Bytes.of((byte) type);
  }

  private static Bytes word(BigInteger value) throws MalformedException {
    byte[] number = Rlp.number(value);
    if (number.length > 32) {
      throw new MalformedException("r or s exceeds 32 bytes");
    }
    byte[] word = new byte[32];
    System.arraycopy(number, 0, word, 32 - number.length, number.length);
    return Bytes.of(word);
  }

  private static int recoveryId(int type, BigInteger v) throws MalformedException {
    if (v.bitLength() > 63) {
      throw new MalformedException("v is out of range");
    }
    long value = v.longValue();
    if (type != 0 ? value > 1 : value != 27 && value != 28 && value < 37) {
      throw new MalformedException("v is out of range: " + value);
    }
    return (int) (type != 0 ? value : value <= 28 ? value - 27 : (value - 35) & 1);
  }

  private static Optional<ChainId> chain(int type, List<Object> body, BigInteger v)
      throws MalformedException {
    if (type == 0 && v.longValue() <= 28) {
      return Optional.empty();
    }
    BigInteger id =
        type == 0
            ? v.subtract(BigInteger.valueOf(35)).shiftRight(1)
            : Rlp.number(body.getFirst(), "chainId", 8);
    if (id.signum() <= 0 || id.bitLength() > MAX_CHAIN_BITS) {
      throw new MalformedException("chainId is out of range: " + id);
    }
    return Optional.of(ChainId.evm(id.longValue()));
  }

  /**
   * Reads the wire form; a type 3 transaction with its blobs is read without them.
   *
   * @throws MalformedException if it is no canonical transaction of type 0 to 4 with a valid low-s
   *     signature
   */
  public static SignedTransaction decode(Bytes encoded) throws MalformedException {
    if (encoded.isEmpty()) {
      throw new MalformedException("an empty transaction");
    }
    int type = encoded.at(0) >= 0xc0 ? 0 : encoded.at(0);
    if (type >= FIELDS.length || (type == 0 && encoded.at(0) < 0xc0)) {
      throw new MalformedException("unknown transaction type " + encoded.at(0));
    }
    List<Object> items = Rlp.parseList(type == 0 ? encoded : encoded.slice(1, encoded.size()));
    if (type == 3 && !items.isEmpty() && items.getFirst() instanceof List<?> inner) {
      items = new ArrayList<>(inner);
    }
    int fields = FIELDS[type];
    if (items.size() != fields + 3) {
      throw new MalformedException(
          "type " + type + " has " + (fields + 3) + " fields, found " + items.size());
    }
    BigInteger[] rs = {
      Rlp.number(items.get(fields + 1), "r", 32), Rlp.number(items.get(fields + 2), "s", 32)
    };
    return new SignedTransaction(
        type, items.subList(0, fields), Rlp.number(items.get(fields), "v", 8), rs);
  }

  /** The transaction of these fields, as a node's JSON gives them. */
  static SignedTransaction of(int type, List<Object> body, BigInteger v, BigInteger[] rs)
      throws MalformedException {
    return new SignedTransaction(type, body, v, rs);
  }

  static SignedTransaction assemble(int type, List<Object> body, Signature signature) {
    return assembled(type, body, signature, signature.recoveryId());
  }

  static SignedTransaction assembleLegacy(List<Object> body, Signature signature, long v) {
    return assembled(0, body, signature, v);
  }

  private static SignedTransaction assembled(
      int type, List<Object> body, Signature signature, long v) {
    BigInteger[] rs = {
      new BigInteger(1, signature.bytes().slice(0, 32).toArray()),
      new BigInteger(1, signature.bytes().slice(32, 64).toArray())
    };
    try {
      return new SignedTransaction(type, body, BigInteger.valueOf(v), rs);
    } catch (MalformedException e) {
      throw new IllegalArgumentException("fields that make no transaction", e);
    }
  }

  private void check() throws MalformedException {
    number(0, "nonce", 8);
    if (Rlp.number(body.get(at(0)), "nonce", 8).bitLength() > 63) {
      throw new MalformedException("nonce: exceeds 63 bits");
    }
    number(1, "gas price", 32);
    if (Rlp.number(body.get(gasAt()), "gas", 8).bitLength() > 63) {
      throw new MalformedException("gas: exceeds 63 bits");
    }
    int to = Rlp.bytes(body.get(gasAt() + 1), "to").length;
    if (to != 20 && (to != 0 || type >= 3)) {
      throw new MalformedException("to: " + to + " bytes");
    }
    Rlp.number(body.get(gasAt() + 2), "value", 32);
    Rlp.bytes(body.get(gasAt() + 3), "input");
    if (type >= 2) {
      number(2, "maxFeePerGas", 32);
    }
    if (type == 3) {
      Rlp.number(body.get(9), "maxFeePerBlobGas", 32);
      TransactionLists.checkHashes(body.get(10), "blobVersionedHashes");
    }
    if (type > 0) {
      TransactionLists.checkAccess(body.get(gasAt() + 4));
    }
    if (type == 4) {
      TransactionLists.checkAuthorizations(body.getLast());
    }
  }

  private void number(int field, String name, int bytes) throws MalformedException {
    Rlp.number(body.get(at(field)), name, bytes);
  }

  /** Index of the {@code field}-th field counted from the nonce. */
  private int at(int field) {
    return type == 0 ? field : field + 1;
  }

  private int gasAt() {
    return type == 0 ? 2 : type == 1 ? 3 : 4;
  }

  private byte[] field(int index) {
    return (byte[]) body.get(index);
  }

  private Wei wei(int index) {
    return new Wei(new BigInteger(1, field(index)));
  }

  /** The EIP-2718 type: 0 to 4. */
  public int type() {
    return type;
  }

  /** The wire form, without blobs. */
  public Bytes encoded() {
    return encoded;
  }

  /** The transaction's hash. */
  public Hash32 hash() {
    return Keccak.hash(encoded);
  }

  /** The digest that was signed. */
  public Hash32 digest() {
    return digest;
  }

  /** The account that signed it. */
  public Address sender() {
    return sender;
  }

  /** The chain it is bound to; empty for a legacy transaction without replay protection. */
  public Optional<ChainId> chain() {
    return chain;
  }

  /** The sender's transaction count before it. */
  public long nonce() {
    return new BigInteger(1, field(at(0))).longValue();
  }

  /** What it bids. */
  public Fees fees() {
    return type < 2 ? new Fees(wei(at(1)), wei(at(1))) : new Fees(wei(at(2)), wei(at(1)));
  }

  /** Its gas limit. */
  public Gas gas() {
    return new Gas(new BigInteger(1, field(gasAt())).longValue());
  }

  /** What it does. */
  public TxCall call() {
    byte[] to = field(gasAt() + 1);
    return new TxCall(
        to.length == 0 ? Optional.empty() : Optional.of(Address.of(to)),
        wei(gasAt() + 2),
        Bytes.of(field(gasAt() + 3)));
  }

  /** Writes the access list and the authorisations, where there are any, in their JSON form. */
  void writeLists(ObjectNode object) {
    if (type > 0 && body.get(gasAt() + 4) instanceof List<?> access && !access.isEmpty()) {
      TransactionJson.writeList(object, "accessList", access);
    }
    if (type == 4 && body.getLast() instanceof List<?> authorizations) {
      TransactionJson.writeList(object, "authorizationList", authorizations);
    }
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof SignedTransaction t && encoded.equals(t.encoded);
  }

  @Override
  public int hashCode() {
    return encoded.hashCode();
  }

  @Override
  public String toString() {
    return "SignedTransaction[" + hash() + "]";
  }
}
