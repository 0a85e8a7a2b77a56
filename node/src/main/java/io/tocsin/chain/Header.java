package io.tocsin.chain;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.crypto.Keccak;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What a block commits to: the hash of its header's fields, and the roots among them.
 *
 * @param hash what the fields hash to, which is the block's hash if nobody changed one
 * @param state the root of the accounts after the block
 * @param transactions the root of its transactions
 * @param receipts the root of their receipts
 */
public record Header(Hash32 hash, Hash32 state, Hash32 transactions, Hash32 receipts) {
  private static final int BLOOM = 256;

  /** How a field is written. */
  private enum Kind {
    WORD,
    ADDRESS,
    BLOOM,
    NUMBER,
    DATA,
    SEAL
  }

  private record Field(String name, Kind kind) {}

  /** Of every block, in order. */
  private static final List<Field> FIRST =
      List.of(
          new Field("parentHash", Kind.WORD),
          new Field("sha3Uncles", Kind.WORD),
          new Field("miner", Kind.ADDRESS),
          new Field("stateRoot", Kind.WORD),
          new Field("transactionsRoot", Kind.WORD),
          new Field("receiptsRoot", Kind.WORD),
          new Field("logsBloom", Kind.BLOOM),
          new Field("difficulty", Kind.NUMBER),
          new Field("number", Kind.NUMBER),
          new Field("gasLimit", Kind.NUMBER),
          new Field("gasUsed", Kind.NUMBER),
          new Field("timestamp", Kind.NUMBER),
          new Field("extraData", Kind.DATA),
          new Field("mixHash", Kind.WORD),
          new Field("nonce", Kind.SEAL));

  /** What forks appended: London, Shanghai, Cancun (three), Prague. */
  private static final List<Field> LATER =
      List.of(
          new Field("baseFeePerGas", Kind.NUMBER),
          new Field("withdrawalsRoot", Kind.WORD),
          new Field("blobGasUsed", Kind.NUMBER),
          new Field("excessBlobGas", Kind.NUMBER),
          new Field("parentBeaconBlockRoot", Kind.WORD),
          new Field("requestsHash", Kind.WORD));

  /**
   * Reads a node's block object.
   *
   * @throws MalformedException if a field is missing, is not in its form, or stands behind one that
   *     is missing, so that every reading of one header is the same
   */
  public static Header parse(JsonNode object) throws MalformedException {
    List<Object> fields = new ArrayList<>();
    for (Field field : FIRST) {
      fields.add(read(object, field));
    }
    boolean ended = false;
    for (Field field : LATER) {
      JsonNode value = object.path(field.name());
      if (value.isMissingNode() || value.isNull()) {
        ended = true;
      } else if (ended) {
        throw new MalformedException(field.name() + ": an earlier field is missing");
      } else {
        fields.add(read(object, field));
      }
    }
    return new Header(
        Keccak.hash(Rlp.list(fields)),
        word(fields.get(3)),
        word(fields.get(4)),
        word(fields.get(5)));
  }

  private static Hash32 word(Object field) {
    return Hash32.of((byte[]) field);
  }

  private static byte[] read(JsonNode object, Field field) throws MalformedException {
    if (field.kind() == Kind.NUMBER) {
      return Rlp.number(TransactionJson.quantity(object, field.name()));
    }
    Bytes bytes = Bytes.parse(object.path(field.name()).asString(""));
    int size =
        switch (field.kind()) {
          case WORD -> 32;
          case ADDRESS -> Address.ZERO.bytes().size();
          case BLOOM -> BLOOM;
          case SEAL -> 8;
          case DATA, NUMBER -> bytes.size();
        };
    if (bytes.size() != size) {
      throw new MalformedException(
          field.name() + ": expected " + size + " bytes, found " + bytes.size());
    }
    return bytes.toArray();
  }
}
