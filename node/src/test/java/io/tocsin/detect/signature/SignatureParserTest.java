package io.tocsin.detect.signature;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.detect.signature.SignatureParser.Parsed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SignatureParserTest {
  private static final String WHOLE =
      """
      signature "two-steps"
      role V: loser victim code 0x1111111111111111111111111111111111111111111111111111111111111111
      role T: token
      transaction {
        create sender -> anyone
        read sender -> V via redeem {
          delegate V -> anyone
        }
      }
      transaction {
        call sender -> V via add-liquidity {
          transfer T: V -> sender as x6
          anywhere call V -> sender {
            call sender -> V
          }
        }
        price V as x9
        write V slot 0x2222222222222222222222222222222222222222222222222222222222222222
        anywhere transfer native: nobody -> anyone
      }
      where x6 * 2 - 1 > (x9 + 1.5) / 3 and moved(V) >= 1.2 and lost(V, T) < gain(native)
      """;

  @Test
  void writesWhatItReads() {
    Signature signature = Scenes.signature(WHOLE);
    assertThat(SignatureText.write(signature)).isEqualTo(WHOLE);
    assertThat(Scenes.signature(SignatureText.write(signature))).isEqualTo(signature);
    assertThat(signature.transactions()).isEqualTo(2);
  }

  @Test
  void takesOneTransactionWithoutSayingSo() {
    Signature plain = Scenes.signature("signature \"a\" call sender -> anyone");
    assertThat(plain)
        .isEqualTo(Scenes.signature("signature \"a\" transaction { call sender -> anyone }"));
  }

  @Test
  void identifiesASignatureByWhatItSaysAndNotByItsName() {
    Signature a = Scenes.signature("signature \"a\" # one", "call sender -> anyone");
    Signature b = Scenes.signature("signature \"b\"\n  call   sender->anyone");
    Signature other = Scenes.signature("signature \"a\" read sender -> anyone");
    assertThat(a.id()).isEqualTo(b.id()).isNotEqualTo(other.id());
  }

  @Test
  void repeatsAnEventAsOftenAsItSays() {
    Signature signature = Scenes.signature("signature \"a\" 3 times call sender -> anyone");
    assertThat(signature.steps()).hasSize(4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sig                                               | 1 | 1 | signature",
        "signature a                                       | 1 | 11 | a name in quotes",
        "signature \"a\" call sender V                     | 1 | 27 | ->",
        "signature \"a\" call sender -> V                  | 1 | 30 | a role that is declared"
            + " above",
        "signature \"a\" call nobody -> anyone             | 1 | 20 | sender, anyone or a role",
        "signature \"a\" call sender -> anyone via theft   | 1 | 41 | one of transfer, approve",
        "signature \"a\" call sender -> anyone { }         | 1 | 39 | call, read, delegate",
        "signature \"a\" role V: rich call sender -> V     | 1 | 23 | one of account, loser",
        "signature \"a\" role V: loser call sender -> anyone | 1 | 1 | an event with role V",
        "signature \"a\" 1 times call sender -> anyone     | 1 | 15 | from 2 to 16 times",
        "signature \"a\" 2 times transfer native: anyone -> sender as x | 1 | 57 | no name for an"
            + " amount",
        "signature \"a\" call sender -> anyone where x > 1 | 1 | 43 | a number, the name of an"
            + " amount",
        "signature \"a\" call sender -> anyone where 1 = 2 | 1 | 45 | <, <=, >, >=",
        "signature \"a\" call sender -> anyone where 1e999 > 2 | 1 | 43 | a number that is not",
        "signature \"a\" call sender -> anyone }           | 1 | 37 | call, read, delegate",
        "signature \"a\" transaction { call sender -> anyone | 1 | 50 | call, read, delegate",
        "signature \"a\" role V: loser code 0x12 call sender -> V | 1 | 34 | the normalised"
            + " fingerprint",
        "signature \"a\" call sender -> \u202e               | 1 | 30 | sender, anyone or a role",
      })
  void saysWhereAFaultIsAndWhatWasExpected(String text, int line, int column, String expected) {
    assertThat(SignatureParser.parse(text))
        .isInstanceOfSatisfying(
            Parsed.Faulty.class,
            fault -> {
              assertThat(fault.expected()).contains(expected.strip());
              assertThat(fault.line()).isEqualTo(line);
              assertThat(fault.column()).isEqualTo(column);
              assertThat(fault.sentence()).doesNotContain("\u202e");
            });
  }

  @Test
  void countsLines() {
    assertThat(SignatureParser.parse("signature \"a\"\ncall sender -> anyone\nwhere 1 >"))
        .isInstanceOfSatisfying(
            Parsed.Faulty.class,
            fault -> {
              assertThat(fault.line()).isEqualTo(3);
              assertThat(fault.column()).isEqualTo(10);
              assertThat(fault.found()).isEqualTo("the end");
            });
  }

  @Test
  void boundsWhatASignatureMayAskFor() {
    String event = "call sender -> anyone\n";
    assertThat(SignatureParser.parse("signature \"a\"\n" + event.repeat(63)))
        .isInstanceOf(Parsed.Ready.class);
    refuses("signature \"a\"\n" + event.repeat(64), "at most 64 events");
    refuses(
        "signature \"a\"\n16 times call sender -> anyone { 16 times " + event + "}", "64 events");
    refuses("signature \"a\"\n" + "call sender -> anyone {".repeat(40), "at most 16 blocks");
    refuses(
        "signature \"a\"\n" + event + "where " + "1 > 0 and ".repeat(20) + "1 > 0",
        "at most 16 conditions");
    refuses("signature \"a\"\n" + event + "where " + "1 + ".repeat(80) + "1 > 0", "at most 64");
    refuses("signature \"a\"\n" + event + "where " + "(".repeat(100_000), "at most 64");
    refuses(
        "signature \"a\"\n" + "transaction { call sender -> anyone }".repeat(9), "transactions");
  }

  private static void refuses(String text, String expected) {
    assertThat(SignatureParser.parse(text))
        .isInstanceOfSatisfying(
            Parsed.Faulty.class, fault -> assertThat(fault.expected()).contains(expected));
  }
}
