package io.tocsin.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.Refusal;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.web3j.crypto.StructuredDataEncoder;
import org.web3j.rlp.RlpDecoder;
import org.web3j.rlp.RlpEncoder;
import org.web3j.rlp.RlpList;
import org.web3j.rlp.RlpString;
import org.web3j.rlp.RlpType;

/** Random inputs against independent implementations; a fixed seed makes every run the same. */
final class DifferentialTest {
  private final Random random = new Random(20_260_602);

  private Bytes bytes(int size) {
    byte[] content = new byte[size];
    random.nextBytes(content);
    return Bytes.of(content);
  }

  private long number() {
    return random.nextLong() >>> (1 + random.nextInt(63));
  }

  /** What to encode, for us and for web3j. */
  private record Item(Object ours, RlpType theirs) {}

  private Item item(int depth) {
    return switch (random.nextInt(depth < 4 ? 4 : 3)) {
      case 0 -> {
        Bytes content = bytes(random.nextInt(random.nextInt(20) == 0 ? 70_000 : 70));
        yield new Item(content, RlpString.create(content.toArray()));
      }
      case 1 -> {
        long number = number();
        yield new Item(number, RlpString.create(number));
      }
      case 2 -> {
        Bytes address = bytes(20);
        yield new Item(new Address(address), RlpString.create(address.toArray()));
      }
      default -> list(depth + 1);
    };
  }

  private Item list(int depth) {
    List<Object> ours = new ArrayList<>();
    List<RlpType> theirs = new ArrayList<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      Item one = item(depth);
      ours.add(one.ours());
      theirs.add(one.theirs());
    }
    return new Item(ours, new RlpList(theirs));
  }

  @Test
  void writesRlpAsWeb3jDoes() {
    for (int i = 0; i < 3_000; i++) {
      Item list = list(0);
      assertThat(Rlp.encode((List<?>) list.ours()).toArray())
          .isEqualTo(RlpEncoder.encode(list.theirs()));
    }
  }

  /** Whatever we accept, web3j reads alike: it writes the same bytes again. */
  @Test
  void readsNoRlpThatWeb3jReadsDifferently() {
    int accepted = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] wire = Rlp.encode((List<?>) list(2).ours()).toArray();
      if (wire.length > 300) {
        continue;
      }
      wire[random.nextInt(wire.length)] = (byte) random.nextInt(256);
      Bytes changed = Bytes.of(wire);
      if (Refusal.orValue(() -> walk(Rlp.read(changed, "list"))).isPresent()) {
        accepted++;
        RlpList read = RlpDecoder.decode(wire);
        assertThat(read.getValues()).hasSize(1);
        assertThat(RlpEncoder.encode(read.getValues().getFirst())).isEqualTo(wire);
      }
    }
    assertThat(accepted).isGreaterThan(1_000);
  }

  private static boolean walk(Rlp.Reader reader) throws io.tocsin.base.MalformedException {
    while (reader.more()) {
      Bytes _ = reader.bytes("item");
    }
    reader.end();
    return true;
  }

  @Test
  void hashesStructsAsWeb3jDoes() throws Exception {
    for (int i = 0; i < 300; i++) {
      Domain domain = new Domain(new Hash32(bytes(32)));
      String text = "topic-" + number();
      Address account = new Address(bytes(20));
      long count = number();
      Hash32 word = new Hash32(bytes(32));
      Bytes blob = bytes(random.nextInt(100));
      Hash32 struct =
          StructHash.of("Sample(string a,address b,uint64 c,bytes32 d,bytes e)")
              .string(text)
              .address(account)
              .uint(count)
              .bytes32(word)
              .bytes(blob)
              .hash();
      String typed =
          """
          {"types":{"EIP712Domain":[{"name":"name","type":"string"},{"name":"version","type":"string"},{"name":"salt","type":"bytes32"}],
          "Sample":[{"name":"a","type":"string"},{"name":"b","type":"address"},{"name":"c","type":"uint64"},{"name":"d","type":"bytes32"},{"name":"e","type":"bytes"}]},
          "primaryType":"Sample","domain":{"name":"Tocsin","version":"1","salt":"%s"},
          "message":{"a":"%s","b":"%s","c":"%d","d":"%s","e":"%s"}}
          """
              .formatted(domain.salt(), text, account, count, word, blob);
      assertThat(domain.digest(struct).toArray())
          .isEqualTo(new StructuredDataEncoder(typed).hashStructuredData());
    }
  }

  /** Whole, damaged and random signatures: libsecp256k1 and BouncyCastle judge them alike. */
  @Test
  void judgesSignaturesAsBouncyCastleDoes() {
    NativeCurve ours = new NativeCurve();
    BouncyCurve theirs = new BouncyCurve();
    int valid = 0;
    for (int i = 0; i < 500; i++) {
      KeyPair key = KeyPair.generate(random);
      Hash32 digest = new Hash32(bytes(32));
      byte[] wire = key.sign(digest).bytes().toArray();
      for (int changes = random.nextInt(3); changes > 0; changes--) {
        wire[random.nextInt(64)] ^= (byte) (1 << random.nextInt(8));
      }
      Optional<Signature> read = Refusal.orValue(() -> Signature.parse(Bytes.of(wire)));
      if (read.isEmpty()) {
        continue;
      }
      byte[] compact = read.get().compact().toArray();
      byte[] point = key.publicKey().point().toArray();
      boolean holds = ours.verify(compact, digest.toArray(), point);
      valid += holds ? 1 : 0;
      assertThat(theirs.verify(compact, digest.toArray(), point)).isEqualTo(holds);
      int id = read.get().recoveryId();
      assertThat(ours.recover(compact, digest.toArray(), id).map(Bytes::of))
          .isEqualTo(theirs.recover(compact, digest.toArray(), id).map(Bytes::of));
      Bytes other = bytes(64);
      assertThat(ours.onCurve(other.toArray())).isEqualTo(theirs.onCurve(other.toArray()));
    }
    assertThat(valid).isBetween(50, 400);
  }
}
