package io.tocsin.audit;

import io.tocsin.base.AccountId;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.crypto.Keccak;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Steps of every kind. */
public final class AuditSamples {
  public static final Hash32 CLAIM = Keccak.hashUtf8("claim");
  public static final Hash32 TX = Keccak.hashUtf8("tx");
  public static final Hash32 PERMIT = Keccak.hashUtf8("permit");
  public static final ChainId CHAIN = ChainId.evm(1);
  public static final Address VICTIM = Address.hex("0x00000000000000000000000000000000000a11ce");

  private AuditSamples() {}

  public static List<Step> oneOfEach() {
    AccountId contract = new AccountId(CHAIN, VICTIM);
    return List.of(
        new Step.Opened(
            "0.1.0", CLAIM, VICTIM, List.of(new Step.Document("mandates", "mode: act\n"))),
        new Step.Federated(new Step.Document("federation", "{}")),
        new Step.Seen(CHAIN, TX, Optional.of(19_000_000L), 42, List.of("ours", "theirs"), ""),
        new Step.Scanned(
            CHAIN,
            TX,
            "found",
            List.of(new Step.Suspicion("reentrancy", "HIGH", VICTIM, "re-entered \u202e € 😀")),
            ""),
        new Step.Reported(CLAIM, "ExploitMined", CHAIN, TX, VICTIM),
        new Step.Admitted("report", VICTIM, Long.MAX_VALUE, TX),
        new Step.Attested(CLAIM, 1, "confirm", ""),
        new Step.Certified(CLAIM, 1, List.of(VICTIM), Bytes.hex("0xc0ffee")),
        new Step.Exposed(CLAIM, contract, "Direct", List.of("it is the subject"), List.of()),
        new Step.Estimated(CLAIM, contract, "Priced", "1000000 USD"),
        new Step.Decided(CLAIM, "pause", Json.object().put("n", 1), Json.object().put("is", "Act")),
        new Step.Unserved(
            CLAIM, contract, Json.object().put("n", 1), Json.object().put("is", "Alert")),
        new Step.Ruled(CLAIM, "pause", Json.object(), Json.object().put("is", "Granted")),
        new Step.Intended(PERMIT, CLAIM, contract, Json.object().put("call", "0x8456cb59")),
        new Step.Simulated(PERMIT, Json.object().put("simulation", "passes")),
        new Step.Acted(PERMIT, "done", "mined in block 7", Json.object().put("gas", 90_000)),
        new Step.Ordered(
            "let-go", "eip155:1:0x1111111111111111111111111111111111111111 0x22", "seen"),
        new Step.Reorged(CHAIN, List.of(TX), CLAIM),
        new Step.Withdrawn(CLAIM, CHAIN, TX, List.of(PERMIT)),
        new Step.Ratified(PERMIT),
        new Step.Drilled(
            CLAIM,
            "",
            List.of(
                new Step.Answered(VICTIM, "Alder", 1, Optional.of(Duration.ofMillis(7))),
                new Step.Answered(Address.ZERO, "Birch", 2, Optional.empty())),
            Optional.of(Duration.ofNanos(7_000_001))),
        new Step.Rehearsed(CLAIM, VICTIM, List.of(new Step.Tried(contract, "pause", "no gas"))),
        new Step.Trouble("http://127.0.0.1:8545", "SILENT", "no head for 36 s"),
        new Step.Erased(List.of(), "none"));
  }
}
