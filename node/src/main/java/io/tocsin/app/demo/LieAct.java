package io.tocsin.app.demo;

import io.tocsin.app.demo.ActResult.Losses;
import io.tocsin.app.demo.ActResult.Scene;
import io.tocsin.app.demo.LockstepChain.Head;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.chain.CodeFingerprint;
import io.tocsin.claim.Claim;
import io.tocsin.claim.Evidence;
import io.tocsin.claim.Report;
import io.tocsin.claim.ReportCodec;
import io.tocsin.crypto.Keccak;
import io.tocsin.identity.Ballot;
import io.tocsin.quorum.Attestation;
import io.tocsin.quorum.Verdict;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** Act three: a member invents an exploit and signs both verdicts on it. */
final class LieAct implements Act {
  /** How long nothing must happen after the lie is exposed. */
  private static final Duration SILENCE = Duration.ofSeconds(3);

  private final Stagecraft stage;
  private final InstantSource clock;

  LieAct(Stagecraft stage, InstantSource clock) {
    this.stage = stage;
    this.clock = clock;
  }

  @Override
  public Scene scene() {
    return new Scene("lie", "An invented exploit convinces nobody and convicts its author");
  }

  @Override
  public ActResult play() throws InterruptedException {
    Screen screen = stage.screen();
    DemoTown town = stage.town();
    Lender birch = stage.world().sisters().getFirst();
    MemberNode liar = town.liar();
    screen.say(Screen.Tone.TITLE, "Act 3  A lie");
    screen.note(
        liar.name()
            + ", one member of five, reports an exploit of Birch that never was, confirms it, and"
            + " then refutes it");
    Map<Lender, BigDecimal> before = stage.world().losses();
    Claim claim = invent(birch);
    liar.publish(
        ReportCodec.TOPIC,
        ReportCodec.encode(report(claim), liar.key().address(), clock.instant()));
    liar.publish(Attestation.TOPIC, verdict(claim, Verdict.CONFIRM).encode());
    liar.publish(Attestation.TOPIC, verdict(claim, Verdict.REFUTE).encode());
    List<MemberNode> honest = town.honest();
    boolean exposed =
        town.chronicle()
            .await(
                c -> keepers(c, claim).containsAll(honest.stream().map(MemberNode::name).toList()),
                Stagecraft.PATIENCE);
    Thread.sleep(SILENCE);
    long certificates = town.chronicle().holders(tx());
    show(town.chronicle().contradictions(claim.id()), honest);
    boolean good = exposed && certificates == 0 && !birch.paused() && birch.lost().signum() == 0;
    String failure = certificates + " certificates; evidence at every honest node: " + exposed;
    screen.verdict(
        good,
        good
            ? "no certificate, no pause, and the contradiction is on record at every honest node"
            : failure);
    screen.gap();
    return new ActResult(
        scene(),
        stage.story(tx()),
        Losses.NONE,
        town.chronicle().certificate(tx()),
        stage.fates(before),
        good ? Optional.empty() : Optional.of(failure));
  }

  private static Hash32 tx() {
    return Keccak.hashUtf8("a transaction that never was");
  }

  private static Claim invent(Lender victim) {
    Head head = victim.chain().builder().head();
    Bytes code =
        Bytes.hex(
            victim
                .chain()
                .builder()
                .chain()
                .ask("eth_getCode", victim.address().toString(), "latest")
                .stringValue());
    return new Claim.ExploitMined(
        victim.chain().id(),
        tx(),
        new Claim.BlockStamp(head.hash(), head.time()),
        new Claim.Subject(victim.address(), CodeFingerprint.of(code).normalised()));
  }

  private static Report report(Claim claim) {
    Evidence.Fact fact =
        new Evidence.Fact(
            List.of("value-conservation"),
            "critical",
            List.of(new Evidence.Lost(Optional.empty(), BigInteger.TEN.pow(24), 1)),
            "Birch was drained of everything",
            List.of(0),
            List.of());
    return new Report(
        claim,
        new Evidence(OptionalLong.empty(), List.of(fact), Optional.empty()),
        "Pause Birch at once!");
  }

  private Attestation verdict(Claim claim, Verdict verdict) {
    DemoTown town = stage.town();
    long epoch = town.roster().epoch();
    Hash32 struct = Ballot.attestation(claim.id(), epoch, verdict.code());
    return new Attestation(
        claim.id(), epoch, verdict, town.liar().key().sign(town.domain(), struct));
  }

  private void show(List<Chronicle.Caught> caught, List<MemberNode> honest) {
    List<String> names = honest.stream().map(MemberNode::name).toList();
    List<Chronicle.Caught> kept = caught.stream().filter(c -> names.contains(c.node())).toList();
    Screen screen = stage.screen();
    screen.line(
        "    kept by %s:", String.join(", ", kept.stream().map(Chronicle.Caught::node).toList()));
    kept.stream()
        .map(Chronicle.Caught::evidence)
        .findFirst()
        .ifPresent(
            proof -> {
              screen.line("      member  %s (%s)", proof.member(), stage.town().liar().name());
              screen.line("      claim   %s", proof.claimId());
              screen.line("      Confirm %s", start(proof.confirmed()));
              screen.line("      Refute  %s", start(proof.refuted()));
            });
  }

  private static String start(Attestation attestation) {
    return "signature " + attestation.signature().toString().substring(0, 42) + "…";
  }

  private static Set<String> keepers(Chronicle chronicle, Claim claim) {
    return chronicle.contradictions(claim.id()).stream()
        .map(Chronicle.Caught::node)
        .collect(Collectors.toSet());
  }
}
