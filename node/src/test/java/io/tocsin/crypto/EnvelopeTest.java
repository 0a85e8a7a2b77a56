package io.tocsin.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
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
    assertThat(read).isEqualTo(sealed);
    assertThat(read.signedBy(author.publicKey(), domain)).isTrue();
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
