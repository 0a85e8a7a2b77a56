package io.tocsin.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Address;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.chain.Position;
import io.tocsin.chain.TraceJson;
import io.tocsin.chain.TxTrace;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** Recorded traces of real transactions, placed where a test wants them. */
final class Recorded {
  /** Whom the recorded exploit robs. */
  static final Address VICTIM = Address.hex("0xd2869042e12a3506100af1d192b5b04d65137941");

  private Recorded() {}

  static TxTrace exploit(ChainId chain, Hash32 tx, Position position) {
    return trace("exploit-0x8c3f442f", chain, tx, position);
  }

  static TxTrace harmless(ChainId chain, Hash32 tx, Position position) {
    return trace("benign-0x49964249", chain, tx, position);
  }

  private static TxTrace trace(String fixture, ChainId chain, Hash32 tx, Position position) {
    String name = "/detectors/value-conservation/" + fixture + ".json.gz";
    try (InputStream raw = Recorded.class.getResourceAsStream(name)) {
      assertThat(raw).as(name).isNotNull();
      try (InputStream in = new GZIPInputStream(raw)) {
        return TraceJson.parse(Json.parse(in.readAllBytes()), chain, tx, position);
      }
    } catch (IOException | MalformedException e) {
      throw new AssertionError(name, e);
    }
  }
}
