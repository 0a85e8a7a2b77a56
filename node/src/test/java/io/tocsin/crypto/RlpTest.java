package io.tocsin.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class RlpTest {
  private static Rlp.Reader read(Object... fields) throws MalformedException {
    return Rlp.read(Rlp.encode(List.of(fields)), "message");
  }

  private static void refused(ThrowingCallable reading, String why) {
    assertThatThrownBy(reading).isInstanceOf(MalformedException.class).hasMessage(why);
  }

  @Test
  void readsEveryKindOfFieldAsItWasWritten() throws MalformedException {
    Hash32 hash = Keccak.hashUtf8("hash");
    Address address = new Address(hash.bytes().slice(0, 20));
    Rlp.Reader reader = read(hash, address, Bytes.hex("0xcafe"), "größe", 7L, List.of(8L, "nine"));
    assertThat(reader.hash("hash")).isEqualTo(hash);
    assertThat(reader.address("address")).isEqualTo(address);
    assertThat(reader.bytes("bytes", 2)).isEqualTo(Bytes.hex("0xcafe"));
    assertThat(reader.text("text", 100)).isEqualTo("größe");
    assertThat(reader.number("number")).isEqualTo(7);
    assertThat(reader.more()).isTrue();
    Rlp.Reader list = reader.list("list");
    assertThat(reader.more()).isFalse();
    reader.end();
    assertThat(list.number("first")).isEqualTo(8);
    assertThat(list.text("second", 4)).isEqualTo("nine");
    list.end();
  }

  @Test
  void readsNumbersOfUpTo63BitsAsTheyWereWritten() throws MalformedException {
    for (long number : new long[] {0, 1, 127, 128, 255, 256, 0xcafe_babeL, 1L << 62}) {
      assertThat(read(number).number("number")).isEqualTo(number);
    }
    assertThat(read(Long.MAX_VALUE).number("number")).isEqualTo(Long.MAX_VALUE);
    assertThatThrownBy(() -> read(-1L)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesNumbersThatAreNotCanonicalOrTooLarge() {
    String why = "message: number: not a canonical number of at most 63 bits";
    for (String hex : List.of("0x00", "0x0001", "0x8000000000000000", "0x010000000000000000")) {
      refused(() -> read(Bytes.hex(hex)).number("number"), why);
    }
  }

  @Test
  void refusesFieldsOfAnotherSize() {
    refused(
        () -> read(Bytes.hex("0xcafe")).bytes("key", 3), "message: key: expected 3 bytes, found 2");
    refused(() -> read("four").text("name", 3), "message: name: longer than 3 bytes");
  }

  @Test
  void refusesFieldsOfAnotherKind() {
    refused(() -> read(List.of()).bytes("key"), "message: key: expected bytes");
    refused(() -> read("four").list("keys"), "message: keys: expected a list");
    refused(() -> read(Bytes.hex("0xff")).text("name", 3), "message: name: not UTF-8");
    assertThatThrownBy(() -> read(1.5)).hasMessageStartingWith("no RLP for");
  }

  @Test
  void refusesMoreAndFewerFieldsThanExpected() {
    refused(() -> read().bytes("key"), "message: key: missing");
    refused(() -> read("more").end(), "message: more fields than expected");
    refused(
        () -> read(List.of("more")).list("keys").end(), "message.keys: more fields than expected");
  }

  @Test
  void refusesWhatIsNotOneWholeList() {
    Bytes list = Rlp.encode(List.of("field"));
    refused(() -> Rlp.read(list.concat(list), "message"), "message: expected one RLP list");
    refused(() -> Rlp.read(Bytes.hex("0x80"), "message"), "message: expected one RLP list");
    refused(() -> Rlp.read(Bytes.EMPTY, "message"), "message: not canonical RLP");
    refused(
        () -> Rlp.read(list.slice(0, list.size() - 1), "message"), "message: not canonical RLP");
    refused(
        () -> Rlp.read(Bytes.hex("0xc3c28101"), "message").list("keys"),
        "message: keys: not canonical RLP");
  }
}
