package io.tocsin.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ShownUrlTest {
  private static String shown(String url) {
    return ShownUrl.of(url).toString();
  }

  @Test
  void showsWhoAnswersAndNothingThatMayBeAKey() {
    assertThat(shown("https://eth.example:8443/v3/0123456789abcdef?token=hush#x"))
        .isEqualTo("https://eth.example:8443/…");
    assertThat(shown("wss://user:password@eth.example/")).isEqualTo("wss://eth.example");
    assertThat(shown("https://user:p@ss@eth.example?key=1")).isEqualTo("https://eth.example/…");
    assertThat(shown("http://127.0.0.1:8545")).isEqualTo("http://127.0.0.1:8545");
  }

  @Test
  void showsSocketsWhole() {
    assertThat(shown("ipc:/var/lib/geth/geth.ipc")).isEqualTo("ipc:/var/lib/geth/geth.ipc");
    assertThat(shown("/var/lib/geth.ipc")).isEqualTo("/var/lib/geth.ipc");
  }

  @Test
  void showsNoKeyOfWhatIsNoUrl() {
    assertThat(shown("https://eth.example/a key with spaces")).isEqualTo("https://eth.example/…");
    assertThat(shown("eth.example/v3/0123456789abcdef")).isEqualTo("…");
    assertThat(shown("0123456789abcdef")).isEqualTo("…");
    assertThat(shown("")).isEmpty();
  }

  @Test
  void masksKeysInWhatTheServiceSays() {
    ShownUrl url =
        ShownUrl.of("https://user:password@eth.example/v3/0123456789abcdef?token=hushhush");
    assertThat(url.mask("no project 0123456789abcdef for user:password or hushhush on v3"))
        .isEqualTo("no project … for … or … on v3");
    assertThat(url.mask("nothing of it")).isEqualTo("nothing of it");
  }

  @Test
  void masksEveryAddressOfAText() {
    assertThat(
            ShownUrl.maskAll(
                "# was wss://eth.example/old\nurl: 'https://me:hush@eth.example:1/v3/k$1'  # own\n"
                    + "ipc:/var/geth.ipc"))
        .isEqualTo(
            "# was wss://eth.example/…\nurl: 'https://eth.example:1/…'  # own\nipc:/var/geth.ipc");
  }
}
