package io.tocsin.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Address;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.chain.Agreement;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.Position;
import io.tocsin.chain.TraceJson;
import io.tocsin.chain.TxTrace;
import io.tocsin.claim.Claim.BlockStamp;
import io.tocsin.crypto.Keccak;
import io.tocsin.detect.Explanation;
import io.tocsin.detect.Finding;
import io.tocsin.detect.Scan;
import io.tocsin.detect.ScanReport;
import io.tocsin.detect.Severity;
import io.tocsin.quorum.OwnView.Harm;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class OwnViewTest {
  private static final Address ROBBER = Address.hex("0x00000000000000000000000000000000000000a1");
  private static final Address LENDER = Address.hex("0x00000000000000000000000000000000000000b1");
  private static final Address VAULT = Address.hex("0x00000000000000000000000000000000000000b2");
  private static final Hash32 CODE = Keccak.hashUtf8("code");
  private static final BlockRef BLOCK =
      new BlockRef(7, Keccak.hashUtf8("block"), Instant.parse("2026-06-01T00:00:00Z"));

  private static final Agreement AGREED = new Agreement.Agreed(2, Set.of("one", "two"));

  private static TxTrace trace(Position position, String error) throws MalformedException {
    String call =
        """
        {"type":"CALL","from":"%s","to":"%s","value":"0x0","gas":"0x10","gasUsed":"0x8","input":"0x"%s}
        """
            .formatted(ROBBER, LENDER, error);
    return TraceJson.parse(
        Json.parse(call.getBytes(StandardCharsets.UTF_8)),
        ChainId.evm(1),
        Keccak.hashUtf8("tx"),
        position);
  }

  private static TxTrace mined() throws MalformedException {
    return trace(new Position.Mined(BLOCK, Keccak.hashUtf8("parent")), "");
  }

  private static ScanReport found(Address... victims) {
    Explanation why = new Explanation("it lost", List.of(), List.of(), List.of());
    return new ScanReport(
        new Scan.Found(
            List.of(victims).stream()
                .map(victim -> new Finding(List.of("rule"), Severity.HIGH, victim, List.of(), why))
                .toList()),
        List.of());
  }

  @Test
  void aScanSaysWhoWasHarmedAndWhoWasTouched() throws MalformedException {
    Harm harm = Harm.of(mined(), found(LENDER), Map.of(LENDER, CODE, VAULT, CODE));
    assertThat(harm.victims()).isEqualTo(Map.of(LENDER, CODE));
    assertThat(harm.touched()).containsExactlyInAnyOrder(ROBBER, LENDER);
    assertThat(harm.notAnalysed()).isEmpty();
  }

  @Test
  void aVictimWithoutCodeMakesTheRestOneThatCouldNotJudge() throws MalformedException {
    Harm harm = Harm.of(mined(), found(VAULT, LENDER), Map.of(LENDER, CODE));
    assertThat(harm.victims()).isEqualTo(Map.of(LENDER, CODE));
    assertThat(harm.notAnalysed()).contains("the code of " + VAULT + " is not known");
  }

  @Test
  void aScanThatCouldNotJudgeIsNotClean() throws MalformedException {
    Harm unread =
        Harm.of(mined(), new ScanReport(new Scan.NotAnalysed("no state"), List.of()), Map.of());
    assertThat(unread.notAnalysed()).contains("no state");
    Harm clean = Harm.of(mined(), new ScanReport(new Scan.Clean(), List.of()), Map.of());
    assertThat(clean.notAnalysed()).isEmpty();
  }

  @Test
  void aTraceOfABlockIsAViewOfIt() throws MalformedException {
    Harm harm = new Harm(Map.of(), Set.of(LENDER), Optional.empty());
    BlockStamp stamp = new BlockStamp(BLOCK.hash(), BLOCK.time());
    assertThat(OwnView.mined(mined(), AGREED, harm))
        .isEqualTo(new OwnView.Mined(stamp, true, false, harm));
    TxTrace failed = trace(mined().position(), ",\"error\":\"execution reverted\"");
    assertThat(OwnView.mined(failed, new Agreement.Lacking("one operator"), harm))
        .isEqualTo(new OwnView.Mined(stamp, false, true, harm));
    assertThat(OwnView.mined(trace(new Position.Unknown(), ""), AGREED, harm))
        .isInstanceOf(OwnView.Unavailable.class);
  }
}
