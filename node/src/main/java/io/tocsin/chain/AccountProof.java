package io.tocsin.chain;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Wei;
import io.tocsin.crypto.Keccak;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What is proven of one account at the end of a block.
 *
 * @param codeHash the hash of its code, also of no code
 * @param words the storage words asked for, zero where nothing is stored
 * @see <a href="https://eips.ethereum.org/EIPS/eip-1186">EIP-1186 (eth_getProof)</a>
 */
public record AccountProof(long nonce, Wei balance, Hash32 codeHash, Map<Hash32, Hash32> words) {
  /** The hash of no code. */
  public static final Hash32 NO_CODE = Keccak.hash(new byte[0]);

  /** More nodes than a path of 64 nibbles can have. */
  private static final int MOST_NODES = 65;

  public AccountProof {
    words = Map.copyOf(words);
  }

  /** An account as the state trie holds it. */
  private record Account(BigInteger nonce, BigInteger balance, Hash32 storage, Hash32 code) {
    static final Account ABSENT =
        new Account(BigInteger.ZERO, BigInteger.ZERO, Trie.EMPTY, NO_CODE);

    static Account decode(Bytes encoded) throws MalformedException {
      List<Object> fields = Rlp.parseList(encoded);
      if (fields.size() != 4) {
        throw new MalformedException("an account has 4 fields, found " + fields.size());
      }
      return new Account(
          Rlp.number(fields.get(0), "nonce", 8),
          Rlp.number(fields.get(1), "balance", 32),
          hash(fields.get(2), "storageHash"),
          hash(fields.get(3), "codeHash"));
    }

    private static Hash32 hash(Object item, String field) throws MalformedException {
      byte[] content = Rlp.bytes(item, field);
      if (content.length != 32) {
        throw new MalformedException(field + ": " + content.length + " bytes");
      }
      return Hash32.of(content);
    }
  }

  /**
   * Reads an answer to {@code eth_getProof} and holds it against the state root of a block.
   *
   * @param slots the storage asked for
   * @throws MalformedException if the answer is not proven by its nodes, or says otherwise than
   *     they prove
   */
  public static AccountProof verify(
      JsonNode answer, Hash32 stateRoot, Address account, List<Hash32> slots)
      throws MalformedException {
    Optional<Bytes> entry =
        TrieProof.value(
            stateRoot,
            Keccak.hash(account.bytes()).bytes(),
            nodes(answer.path("accountProof"), "accountProof"));
    Account proven = entry.isPresent() ? Account.decode(entry.get()) : Account.ABSENT;
    if (proven.nonce().bitLength() > 63) {
      throw new MalformedException("nonce: exceeds 63 bits");
    }
    agree("nonce", proven.nonce(), TransactionJson.quantity(answer, "nonce"));
    agree("balance", proven.balance(), TransactionJson.quantity(answer, "balance"));
    if (entry.isPresent()) {
      agree("codeHash", proven.code(), Hash32.parse(answer.path("codeHash").asString("")));
      agree("storageHash", proven.storage(), Hash32.parse(answer.path("storageHash").asString("")));
    }
    JsonNode storage = answer.path("storageProof");
    if (storage.size() != slots.size()) {
      throw new MalformedException(
          "storageProof: " + slots.size() + " asked for, found " + storage.size());
    }
    Map<Hash32, Hash32> words = new LinkedHashMap<>();
    for (int i = 0; i < slots.size(); i++) {
      words.put(slots.get(i), word(storage.get(i), proven.storage(), slots.get(i)));
    }
    return new AccountProof(
        proven.nonce().longValue(), new Wei(proven.balance()), proven.code(), words);
  }

  /** The word proven; a stored zero, which the EVM's rules delete but anvil keeps, is a zero. */
  private static Hash32 word(JsonNode answer, Hash32 root, Hash32 slot) throws MalformedException {
    Optional<Bytes> entry =
        TrieProof.value(
            root, Keccak.hash(slot.bytes()).bytes(), nodes(answer.path("proof"), "proof"));
    byte[] number =
        entry.isPresent()
            ? Rlp.number(Rlp.number(Rlp.parseString(entry.get()), "value", 32))
            : new byte[0];
    agree("value", new BigInteger(1, number), TransactionJson.quantity(answer, "value"));
    byte[] word = new byte[32];
    System.arraycopy(number, 0, word, 32 - number.length, number.length);
    return Hash32.of(word);
  }

  private static void agree(String field, Object proven, Object said) throws MalformedException {
    if (!proven.equals(said)) {
      throw new MalformedException(field + ": says " + said + ", proves " + proven);
    }
  }

  private static List<Bytes> nodes(JsonNode list, String field) throws MalformedException {
    if (!list.isArray() || list.size() > MOST_NODES) {
      throw new MalformedException(field + ": expected at most " + MOST_NODES + " nodes");
    }
    List<Bytes> nodes = new ArrayList<>();
    for (JsonNode node : list) {
      nodes.add(Bytes.parse(node.asString("")));
    }
    return nodes;
  }
}
