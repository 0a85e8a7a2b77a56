package io.tocsin.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.web3j.crypto.StructuredDataEncoder;

final class EnvelopeTest {
  private final Random random = new Random(11);
  private final KeyPair author = KeyPair.generate(random);
  private final Domain domain = new Domain(Keccak.hashUtf8("federation"));

  @Test
  void survivesTheWire() throws MalformedException {
    Envelope sealed = Envelope.seal(author, domain, "report", 300, Bytes.utf8("payload"));
    Envelope read = Envelope.decode(sealed.encode());
    assertThat(read).isEqualTo(sealed).hasSameHashCodeAs(sealed);
    assertThat(read.topic()).isEqualTo("report");
    assertThat(read.id()).isEqualTo(sealed.id()).isNotEqualTo(Hash32.ZERO);
    assertThat(read.signedBy(author.publicKey(), domain)).isTrue();
    assertThat(read).hasToString("report 300 of " + author.address());
  }

  @Test
  void isAnotherWhereAnythingDiffers() {
    Envelope one = Envelope.seal(author, domain, "report", 1, Bytes.utf8("payload"));
    KeyPair stranger = KeyPair.generate(random);
    Envelope foreign = Envelope.seal(stranger, domain, "report", 1, Bytes.utf8("payload"));
    assertThat(one.hashCode()).isNotEqualTo(foreign.hashCode());
    assertThat(
            List.of(
                new Envelope("claim", one.author(), 1, one.payload(), one.signature()),
                new Envelope("report", stranger.address(), 1, one.payload(), one.signature()),
                new Envelope("report", one.author(), 2, one.payload(), one.signature()),
                new Envelope("report", one.author(), 1, Bytes.EMPTY, one.signature()),
                new Envelope("report", one.author(), 1, one.payload(), foreign.signature())))
        .doesNotContain(one);
  }

  @Test
  void opensOnlyForKnownSignersOfItsDomain() throws MalformedException {
    Envelope sealed = Envelope.seal(author, domain, "report", 1, Bytes.utf8("payload"));
    KeyDirectory known = a -> Optional.of(author.publicKey());
    assertThat(Verified.open(sealed, domain, known, Bytes::toUtf8))
        .map(Verified::value)
        .contains("payload");
    assertThat(Verified.open(sealed, domain, _ -> Optional.empty(), Bytes::toUtf8)).isEmpty();
    assertThat(Verified.open(sealed, new Domain(Hash32.ZERO), known, Bytes::toUtf8)).isEmpty();
    Envelope other =
        new Envelope("report", author.address(), 1, Bytes.utf8("changed"), sealed.signature());
    assertThat(Verified.open(other, domain, known, Bytes::toUtf8)).isEmpty();
  }

  @Test
  void refusesTrailingBytesAndTruncation() {
    Bytes wire = Envelope.seal(author, domain, "report", 1, Bytes.utf8("payload")).encode();
    assertThatThrownBy(() -> Envelope.decode(wire.concat(Bytes.of((byte) 0))))
        .isInstanceOf(MalformedException.class);
    for (int cut = 0; cut < wire.size(); cut++) {
      Bytes part = wire.slice(0, cut);
      assertThatThrownBy(() -> Envelope.decode(part)).isInstanceOf(MalformedException.class);
    }
  }

  private Bytes wire(Object version, String topic, Bytes account, Object sequence, Object rest) {
    Bytes signature = author.sign(Keccak.hashUtf8("anything")).bytes();
    return Rlp.encode(List.of(version, topic, account, sequence, rest, signature));
  }

  @Test
  void carriesEverySequenceOfUpTo63Bits() throws MalformedException {
    for (long sequence : new long[] {1, 127, 128, 255, 256, 0xcafe_babeL, Long.MAX_VALUE}) {
      Envelope sealed = Envelope.seal(author, domain, "report", sequence, Bytes.EMPTY);
      assertThat(Envelope.decode(sealed.encode())).isEqualTo(sealed);
    }
    assertThatThrownBy(() -> Envelope.seal(author, domain, "report", 0, Bytes.EMPTY))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Envelope.seal(author, domain, "Report", 1, Bytes.EMPTY))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesFieldsOutOfRange() throws MalformedException {
    Bytes account = author.address().bytes();
    Bytes empty = Bytes.EMPTY;
    assertThat(Envelope.decode(wire(1L, "report", account, 1L, empty)).sequence()).isEqualTo(1);
    String number = "envelope: author or sequence out of range";
    String fields = "envelope: expected six fields of version 1";
    Map<Bytes, String> wrong =
        Map.ofEntries(
            Map.entry(wire(2L, "report", account, 1L, empty), fields),
            Map.entry(Rlp.encode(List.of(1L, "report", account, 1L, empty)), fields),
            Map.entry(Rlp.encode(List.of()), fields),
            Map.entry(
                wire(1L, "report", account, 1L, List.of()), "envelope: unexpected nested list"),
            Map.entry(wire(1L, "Report", account, 1L, empty), "envelope: not a topic: \"Report\""),
            Map.entry(wire(1L, "report", account.slice(1, 20), 1L, empty), number),
            Map.entry(wire(1L, "report", account, 0L, empty), number),
            Map.entry(wire(1L, "report", account, Bytes.hex("0x00"), empty), number),
            Map.entry(wire(1L, "report", account, Bytes.hex("0x0001"), empty), number),
            Map.entry(wire(1L, "report", account, Bytes.hex("0x8000000000000000"), empty), number),
            Map.entry(
                wire(1L, "report", account, Bytes.hex("0x010000000000000001"), empty), number));
    wrong.forEach(
        (wire, why) ->
            assertThatThrownBy(() -> Envelope.decode(wire))
                .isInstanceOf(MalformedException.class)
                .hasMessage(why));
  }

  @Test
  void opensForWhoItsAuthorIs() throws MalformedException {
    Envelope sealed = Envelope.seal(author, domain, "report", 1, Bytes.utf8("payload"));
    Verified<String> opened =
        Verified.open(sealed, domain, _ -> Optional.of(author.publicKey()), Bytes::toUtf8)
            .orElseThrow();
    assertThat(opened.author()).isEqualTo(author.address());
    assertThat(opened.envelope()).isEqualTo(sealed);
    PublicKey other = KeyPair.generate(random).publicKey();
    assertThat(Verified.open(sealed, domain, _ -> Optional.of(other), Bytes::toUtf8)).isEmpty();
  }

  @Test
  void aTopicBoundsItsNameAndPayload() {
    int most = Envelope.MAX_BYTES - Envelope.OVERHEAD;
    Topic<Bytes> topic = new Topic<>("report-2", payload -> payload, most);
    assertThat(topic.subject().apply(Bytes.EMPTY)).isEmpty();
    assertThat(new Topic<>("r", payload -> payload, 1).maxBytes()).isEqualTo(1);
    for (int wrong : new int[] {-1, 0, most + 1}) {
      assertThatThrownBy(() -> new Topic<>("report", payload -> payload, wrong))
          .isInstanceOf(IllegalArgumentException.class);
    }
    for (String wrong : List.of("", "Report", "2report", "r".repeat(33))) {
      assertThatThrownBy(() -> new Topic<>(wrong, payload -> payload, 1))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void hashesBytesAndTheirPartsAlike() {
    Hash32 abc = Hash32.hex("0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
    assertThat(Keccak.hashUtf8("abc")).isEqualTo(abc);
    assertThat(Keccak.hash(Bytes.utf8("abc").toArray())).isEqualTo(abc);
    assertThat(Keccak.hash(Bytes.utf8("a"), Bytes.EMPTY, Bytes.utf8("bc"))).isEqualTo(abc);
  }

  @Test
  void aStructHoldsArraysByTheHashOfTheirHashesAndNoNegativeNumbers() {
    Hash32 one = Keccak.hashUtf8("one");
    Hash32 two = Keccak.hashUtf8("two");
    assertThat(StructHash.ofTypeHash(one).array(List.of(one, two)).hash())
        .isEqualTo(Keccak.hash(one.bytes(), Keccak.hash(one.bytes(), two.bytes()).bytes()));
    assertThat(StructHash.ofTypeHash(one).uint(0).hash())
        .isEqualTo(Keccak.hash(one.bytes(), Hash32.ZERO.bytes()));
    assertThatThrownBy(() -> StructHash.ofTypeHash(one).uint(-1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void digestEqualsWeb3jTypedData() throws Exception {
    Envelope sealed = Envelope.seal(author, domain, "report", 42, Bytes.utf8("payload"));
    String typed =
        """
        {"types":{"EIP712Domain":[{"name":"name","type":"string"},{"name":"version","type":"string"},{"name":"salt","type":"bytes32"}],
        "Envelope":[{"name":"topic","type":"string"},{"name":"author","type":"address"},{"name":"sequence","type":"uint64"},{"name":"payloadHash","type":"bytes32"}]},
        "primaryType":"Envelope","domain":{"name":"Tocsin","version":"1","salt":"%s"},
        "message":{"topic":"report","author":"%s","sequence":42,"payloadHash":"%s"}}
        """
            .formatted(domain.salt(), author.address(), Keccak.hashUtf8("payload"));
    assertThat(domain.digest(sealed.id()).toArray())
        .isEqualTo(new StructuredDataEncoder(typed).hashStructuredData());
  }
}
