package io.tocsin.detect.signature;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tocsin.Mutations;
import io.tocsin.base.Bytes;
import io.tocsin.base.MalformedException;
import io.tocsin.detect.signature.SignatureParser.Parsed;
import io.tocsin.stix.Indicator;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

final class SignatureFuzzTest {
  private static final Course COURSE = Scenes.course(Scenes::reentry);

  /** Whatever is read is written as it was read, and is looked for within its budget. */
  @FuzzTest
  void signature(byte[] input) {
    switch (SignatureParser.parse(new String(input, StandardCharsets.UTF_8))) {
      case Parsed.Faulty fault -> {
        assertThat(fault.line()).isPositive();
        assertThat(fault.column()).isPositive();
      }
      case Parsed.Ready(List<Signature> all) -> {
        for (Signature signature : all) {
          String text = SignatureText.write(signature);
          assertThat(SignatureParser.parse(text))
              .isInstanceOfSatisfying(
                  Parsed.Ready.class,
                  again ->
                      assertThat(SignatureText.write(again.signatures().getFirst()))
                          .isEqualTo(text));
          SignatureSet.Budget small = new SignatureSet.Budget(100, 1_000);
          assertThat(new SignatureSet(List.of(signature), small).match(COURSE).tried())
              .isLessThanOrEqualTo(1_000);
        }
      }
    }
  }

  @FuzzTest
  void indicator(byte[] input) {
    try {
      Indicator read = Indicator.read(Bytes.of(input));
      assertThat(Indicator.read(read.write())).isEqualTo(read);
    } catch (MalformedException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  @TestFactory
  Stream<DynamicTest> shortRun() {
    return Mutations.of(this);
  }
}
