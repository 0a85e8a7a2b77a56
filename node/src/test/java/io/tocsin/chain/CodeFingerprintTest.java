package io.tocsin.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Bytes;
import io.tocsin.crypto.Keccak;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class CodeFingerprintTest {
  /** Enough code of its own not to be trivial. */
  private static final Bytes BODY = Bytes.hex("0x" + "6001600201".repeat(40));

  private static final String PUSH32 = "7f";

  private static Bytes word(String operand) {
    return BODY.concat(Bytes.hex("0x" + PUSH32 + operand + "50"));
  }

  private static Bytes withMetadata(Bytes code, int fill) {
    String cbor =
        "a264697066735822"
            + "1220"
            + String.format("%02x", fill).repeat(32)
            + "64736f6c6343"
            + "00081e"
            + "0033";
    return code.concat(Bytes.hex("0x" + cbor));
  }

  private static boolean same(Bytes one, Bytes other) {
    return CodeFingerprint.of(one).matches(CodeFingerprint.of(other));
  }

  @Test
  void exactHashIsThatOfTheCode() {
    assertThat(CodeFingerprint.of(BODY).exact()).isEqualTo(Keccak.hash(BODY));
  }

  @Test
  void metadataDoesNotCount() {
    assertThat(same(withMetadata(BODY, 1), withMetadata(BODY, 2))).isTrue();
    assertThat(same(withMetadata(BODY, 1), BODY)).isTrue();
  }

  @Test
  void whatOnlyLooksLikeMetadataCounts() {
    Bytes noKey = BODY.concat(Bytes.hex("0xa16378797a0105" + "0006"));
    assertThat(same(noKey, BODY)).isFalse();
    Bytes wrongLength = BODY.concat(Bytes.hex("0xa164736f6c6343000819" + "0009"));
    assertThat(same(wrongLength, BODY)).isFalse();
  }

  @Test
  void immutableAddressesAndNumbersDoNotCount() {
    String one = "00".repeat(12) + "11".repeat(20);
    String other = "00".repeat(12) + "a0b1c2d3e4".repeat(4);
    assertThat(same(word(one), word(other))).isTrue();
    assertThat(same(word("00".repeat(32)), word("00".repeat(30) + "0bb8"))).isTrue();
  }

  @Test
  void linkedAddressesDoNotCount() {
    Bytes one = BODY.concat(Bytes.hex("0x73" + "11".repeat(20) + "50"));
    Bytes other = BODY.concat(Bytes.hex("0x73" + "22".repeat(20) + "50"));
    assertThat(same(one, other)).isTrue();
    Bytes mask = BODY.concat(Bytes.hex("0x73" + "ff".repeat(20) + "50"));
    assertThat(same(one, mask)).isFalse();
  }

  @Test
  void masksAndSelectorsAndSmallConstantsCount() {
    String mask = "ffffffff" + "00".repeat(28);
    String error = "08c379a0" + "00".repeat(28);
    assertThat(same(word(mask), word(error))).isFalse();
    Bytes one = BODY.concat(Bytes.hex("0x6301020304" + "50"));
    Bytes other = BODY.concat(Bytes.hex("0x6301020305" + "50"));
    assertThat(same(one, other)).isFalse();
    assertThat(same(BODY.concat(Bytes.hex("0x601450")), BODY.concat(Bytes.hex("0x601550"))))
        .isFalse();
  }

  @Test
  void opcodesCount() {
    assertThat(same(BODY.concat(Bytes.hex("0x01")), BODY.concat(Bytes.hex("0x03")))).isFalse();
  }

  @Test
  void operandCutShortAtTheEndIsNoFault() {
    assertThat(CodeFingerprint.of(BODY.concat(Bytes.hex("0x7f00"))).normalised()).isNotNull();
  }

  @Test
  void commonCodeNeverMatches() {
    Bytes clone =
        Bytes.hex("0x363d3d373d3d3d363d73" + "11".repeat(20) + "5af43d82803e903d91602b57fd5bf3");
    assertThat(CodeFingerprint.of(clone).ubiquitous()).contains("trivial code");
    assertThat(same(clone, clone)).isFalse();
    assertThat(CodeFingerprint.of(Bytes.EMPTY).ubiquitous()).contains("no code");
    assertThat(same(BODY, BODY)).isTrue();
  }

  @Test
  void shellThatOnlyDelegatesIsCommon() {
    Bytes shell = BODY.concat(Bytes.hex("0x635c60da1b14" + "5af4"));
    assertThat(CodeFingerprint.of(shell).ubiquitous()).contains("proxy shell");
    Bytes more = shell.concat(Bytes.hex("0x6312345678145050"));
    assertThat(CodeFingerprint.of(more).ubiquitous()).isEmpty();
  }

  @Test
  void tellsWhyMergedCodesDiffer() {
    String one = "00".repeat(12) + "11".repeat(20);
    String other = "00".repeat(12) + "22".repeat(20);
    assertThat(CodeDifference.between(withMetadata(word(one), 1), withMetadata(word(other), 2)))
        .contains(Set.of(CodeDifference.METADATA, CodeDifference.IMMUTABLE));
    assertThat(CodeDifference.between(BODY, BODY.concat(Bytes.hex("0x01")))).isEmpty();
  }
}
