package io.tocsin.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.ChainId;
import io.tocsin.base.Gas;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Wei;
import io.tocsin.crypto.KeyPair;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.web3j.crypto.AccessListObject;
import org.web3j.crypto.AuthorizationTuple;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.Hash;
import org.web3j.crypto.RawTransaction;
import org.web3j.crypto.TransactionEncoder;
import org.web3j.crypto.transaction.type.TransactionType;
import org.web3j.utils.Numeric;
import tools.jackson.databind.node.ObjectNode;

final class SignedTransactionTest {
  private static final KeyPair KEY = KeyPair.generate(new Random(7));
  private static final Credentials CREDENTIALS =
      Credentials.create(Bytes.of(KEY.exportSecret()).toHex());
  private static final Address TO = Address.hex("0x00000000000000000000000000000000000000aa");

  private static Bytes web3j(RawTransaction raw) {
    return Bytes.of(
        raw.getType() == TransactionType.LEGACY
            ? TransactionEncoder.signMessage(raw, 31_337, CREDENTIALS)
            : TransactionEncoder.signMessage(raw, CREDENTIALS));
  }

  private static void same(Bytes encoded, int type) throws MalformedException {
    SignedTransaction read = SignedTransaction.decode(encoded);
    assertThat(read.type()).isEqualTo(type);
    assertThat(read.encoded()).isEqualTo(encoded);
    assertThat(read.hash().toString()).isEqualTo(Numeric.toHexString(Hash.sha3(encoded.toArray())));
    assertThat(read.sender()).isEqualTo(KEY.address());
    assertThat(read.nonce()).isEqualTo(5);
    assertThat(read.chain()).contains(ChainId.evm(31_337));
    assertThat(read.call().input()).isEqualTo(Bytes.hex("0x01020304"));
    assertThat(read.call().value()).isEqualTo(Wei.of(9));
  }

  @Test
  void signsType2AsWeb3jDoes() throws MalformedException {
    SignedTransaction ours =
        new Transaction1559(
                ChainId.evm(31_337),
                5,
                new Fees(Wei.gwei(30), Wei.gwei(2)),
                new Gas(100_000),
                new TxCall(Optional.of(TO), Wei.of(9), Bytes.hex("0x01020304")))
            .sign(KEY);
    Bytes theirs =
        web3j(
            RawTransaction.createTransaction(
                31_337,
                BigInteger.valueOf(5),
                BigInteger.valueOf(100_000),
                TO.toString(),
                BigInteger.valueOf(9),
                "0x01020304",
                Wei.gwei(2).amount(),
                Wei.gwei(30).amount()));
    assertThat(ours.encoded()).isEqualTo(theirs);
    same(theirs, 2);
    assertThat(ours.fees()).isEqualTo(new Fees(Wei.gwei(30), Wei.gwei(2)));
    assertThat(ours.gas()).isEqualTo(new Gas(100_000));
  }

  @Test
  void signsLegacyAsWeb3jDoes() throws MalformedException {
    SignedTransaction ours =
        new TransactionLegacy(
                ChainId.evm(31_337),
                5,
                Wei.gwei(30),
                new Gas(100_000),
                new TxCall(Optional.of(TO), Wei.of(9), Bytes.hex("0x01020304")))
            .sign(KEY);
    Bytes theirs =
        web3j(
            RawTransaction.createTransaction(
                BigInteger.valueOf(5),
                Wei.gwei(30).amount(),
                BigInteger.valueOf(100_000),
                TO.toString(),
                BigInteger.valueOf(9),
                "0x01020304"));
    assertThat(ours.encoded()).isEqualTo(theirs);
    same(theirs, 0);
  }

  @Test
  void readsTypes1And4OfWeb3j() throws MalformedException {
    AccessListObject access =
        new AccessListObject(TO.toString(), List.of("0x" + "00".repeat(31) + "07"));
    same(
        web3j(
            RawTransaction.createTransaction(
                31_337,
                BigInteger.valueOf(5),
                Wei.gwei(30).amount(),
                BigInteger.valueOf(100_000),
                TO.toString(),
                BigInteger.valueOf(9),
                "0x01020304",
                List.of(access))),
        1);
    AuthorizationTuple tuple =
        new AuthorizationTuple(
            BigInteger.valueOf(31_337),
            TO.toString(),
            BigInteger.ONE,
            BigInteger.ZERO,
            BigInteger.TWO,
            BigInteger.TEN);
    same(
        web3j(
            RawTransaction.createTransaction(
                31_337,
                BigInteger.valueOf(5),
                Wei.gwei(2).amount(),
                Wei.gwei(30).amount(),
                BigInteger.valueOf(100_000),
                TO.toString(),
                BigInteger.valueOf(9),
                "0x01020304",
                List.of(access),
                List.of(tuple))),
        4);
  }

  private static ObjectNode json(SignedTransaction signed) throws MalformedException {
    List<Object> items = Rlp.parseList(signed.encoded().slice(1, signed.encoded().size()));
    ObjectNode object =
        Json.object()
            .put("hash", signed.hash().toString())
            .put("from", signed.sender().toString())
            .put("type", "0x2");
    String[] names = {
      "chainId", "nonce", "maxPriorityFeePerGas", "maxFeePerGas", "gas", "to", "value", "input"
    };
    for (int i = 0; i < names.length; i++) {
      Bytes content = Bytes.of((byte[]) items.get(i));
      boolean data = names[i].equals("to") || names[i].equals("input");
      object.put(
          names[i],
          data ? content.toHex() : TransactionJson.quantity(new BigInteger(1, content.toArray())));
    }
    object.putArray("accessList");
    String[] tail = {"yParity", "r", "s"};
    for (int i = 0; i < 3; i++) {
      object.put(tail[i], TransactionJson.quantity(new BigInteger(1, (byte[]) items.get(9 + i))));
    }
    return object;
  }

  private static SignedTransaction sample() {
    return new Transaction1559(
            ChainId.evm(1),
            0,
            new Fees(Wei.gwei(30), Wei.gwei(2)),
            new Gas(21_000),
            TxCall.of(TO, Bytes.EMPTY))
        .sign(KEY);
  }

  @Test
  void rebuildsFromJson() throws MalformedException {
    assertThat(TransactionJson.parse(json(sample()))).isEqualTo(sample());
  }

  @Test
  void refusesJsonWhoseSenderDidNotSign() throws MalformedException {
    ObjectNode forged = json(sample()).put("from", TO.toString());
    assertThatThrownBy(() -> TransactionJson.parse(forged))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("from");
  }

  @Test
  void refusesJsonWithAnotherHash() throws MalformedException {
    ObjectNode forged = json(sample()).put("hash", Hash32.ZERO.toString());
    assertThatThrownBy(() -> TransactionJson.parse(forged)).hasMessageContaining("hash");
    ObjectNode changed = json(sample()).put("value", "0x1");
    assertThatThrownBy(() -> TransactionJson.parse(changed)).hasMessageContaining("hash");
  }

  @Test
  void refusesUnknownTypesAndTrailingBytes() {
    Bytes good = sample().encoded();
    assertThatThrownBy(() -> SignedTransaction.decode(Bytes.hex("0x05c0")))
        .isInstanceOf(MalformedException.class);
    assertThatThrownBy(() -> SignedTransaction.decode(good.concat(Bytes.of((byte) 0))))
        .isInstanceOf(MalformedException.class);
    assertThatThrownBy(() -> SignedTransaction.decode(Bytes.EMPTY))
        .isInstanceOf(MalformedException.class);
  }

  @Test
  void effectiveTipIsNeverMoreThanTheCapLeaves() {
    Fees fees = new Fees(Wei.gwei(10), Wei.gwei(5));
    assertThat(fees.effectiveTip(Wei.gwei(1))).isEqualTo(Wei.gwei(5));
    assertThat(fees.effectiveTip(Wei.gwei(8))).isEqualTo(Wei.gwei(2));
    assertThat(fees.effectiveTip(Wei.gwei(11))).isEqualTo(Wei.ZERO);
  }
}
