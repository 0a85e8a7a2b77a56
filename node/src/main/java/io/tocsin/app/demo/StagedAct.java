package io.tocsin.app.demo;

import io.tocsin.app.demo.ActResult.Losses;
import io.tocsin.app.demo.ActResult.Scene;
import io.tocsin.app.demo.ActResult.Story;
import io.tocsin.app.demo.BlockBuilder.Terms;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Gas;
import io.tocsin.base.Hash32;
import io.tocsin.chain.TxCall;
import io.tocsin.policy.Decision;
import io.tocsin.policy.Reason;
import io.tocsin.quorum.QuorumCertificate;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Act four: the liar robs a clone of Birch that is his own; everyone sees it, nobody pauses. */
final class StagedAct implements Act {
  private static final long DOLLARS = 500_000;
  private static final long STAKE = 20;
  private static final Gas GAS = new Gas(4_000_000);

  private final Stagecraft stage;
  private final Wallet liar;
  private final Wallet front;
  private final DemoChain chain;

  StagedAct(Stagecraft stage) {
    this.stage = stage;
    this.chain = stage.world().one();
    this.liar = new Wallet(DemoKeys.of("liar"), chain.builder());
    this.front = new Wallet(DemoKeys.of("liar under another name"), chain.builder());
  }

  @Override
  public Scene scene() {
    return new Scene("staged", "A look-alike that robs nobody pauses nobody");
  }

  @Override
  public ActResult play() throws InterruptedException {
    Screen screen = stage.screen();
    Chronicle chronicle = stage.town().chronicle();
    screen.say(Screen.Tone.TITLE, "Act 4  A staged look-alike");
    screen.note(
        "the liar deploys an exact clone of Birch's code with a price source of his own, fills it"
            + " with his own dollars, and drains it: a real exploit of nobody");
    Map<Lender, BigDecimal> before = stage.world().losses();
    Address source = Deployer.created(liar.address(), 0);
    Address clone = Deployer.created(front.address(), 0);
    Hash32 tx = drain(source, clone);
    int all = stage.town().nodes().size();
    List<String> owners = stage.world().lenders().stream().map(Lender::name).toList();
    boolean decided =
        chronicle.await(
            c -> c.holders(tx) == all && stopped(c, tx).containsAll(owners), Stagecraft.PATIENCE);
    Story story = stage.story(tx);
    stage.tell(story);
    for (Chronicle.Decided noted : chronicle.decisions(tx)) {
      screen.line(
          "    %s, mandate %s: %s", noted.node(), noted.asked().mandate().name(), told(noted));
    }
    boolean acted =
        chronicle.decisions(tx).stream().anyMatch(d -> d.decision() instanceof Decision.Act);
    List<ActResult.Fate> fates = stage.fates(before);
    boolean good = decided && !acted && fates.stream().noneMatch(ActResult.Fate::paused);
    String failure = "expected a decision that the clone is no sibling, and no pause";
    screen.verdict(
        good,
        good
            ? "it happened, the members say so, and nobody pauses: the clone is in no sibling root"
                + " (rule NOT_A_SIBLING)"
            : failure);
    screen.gap();
    Optional<QuorumCertificate> certificate = chronicle.certificate(tx);
    return new ActResult(
        scene(),
        story,
        Losses.NONE,
        certificate,
        fates,
        good ? Optional.empty() : Optional.of(failure));
  }

  /** The members whose mandates that rule stopped. */
  private static Set<String> stopped(Chronicle chronicle, Hash32 tx) {
    return chronicle.decisions(tx).stream()
        .filter(
            d ->
                d.decision() instanceof Decision.Alert(Reason reason, String _, boolean _)
                    && reason == Reason.NOT_A_SIBLING)
        .map(Chronicle.Decided::node)
        .collect(Collectors.toSet());
  }

  private static String told(Chronicle.Decided decided) {
    return switch (decided.decision()) {
      case Decision.Observe(Reason reason, String _) -> "observes: " + reason.rule();
      case Decision.Alert(Reason reason, String detail, boolean _) ->
          "alerts, stopped by the rule " + reason + ": " + detail;
      case Decision.Act _ -> "acts";
    };
  }

  /** Two accounts, so that nobody can tell at a glance that robber and robbed are one. */
  Hash32 drain(Address source, Address clone) throws InterruptedException {
    var venues = chain.venues();
    Deployer bank = chain.deployer();
    bank.fund(liar.address());
    bank.fund(front.address());
    BigInteger dollars = DemoChain.whole(DOLLARS);
    var _ = bank.now(venues.dollar(), "transfer(address,uint256)", front.address(), dollars);
    Hash32 stake =
        bank.now(venues.token(), "transfer(address,uint256)", source, DemoChain.whole(STAKE));
    Hash32 rigged =
        send(
            liar,
            TxCall.create(
                Artifact.own("RiggedPrice")
                    .creation(
                        Map.of(),
                        venues.token(),
                        venues.dollar(),
                        DemoChain.whole(1),
                        DemoChain.whole(DemoChain.PRICE))));
    mined(stake);
    mined(rigged);
    Bytes code =
        Artifact.own("SisterLender")
            .creation(Map.of(), front.address(), venues.token(), venues.dollar(), source);
    var _ = send(front, TxCall.create(code));
    var _ = send(front, TxCall.of(venues.dollar(), approve(clone, dollars)));
    mined(send(front, TxCall.of(clone, AbiCalls.call("supply(uint256)", dollars))));
    Hash32 drained = send(liar, TxCall.of(source, AbiCalls.call("drain(address)", clone)));
    mined(drained);
    return drained;
  }

  private void mined(Hash32 tx) throws InterruptedException {
    if (chain.builder().await(tx, Stagecraft.PATIENCE).isEmpty()) {
      throw new Failed("a transaction of the liar was never mined: " + tx);
    }
  }

  private static Bytes approve(Address spender, BigInteger amount) {
    return AbiCalls.call("approve(address,uint256)", spender, amount);
  }

  private static Hash32 send(Wallet from, TxCall call) {
    return from.send(call, GAS, Wallet.ordinaryFees(), Terms.PUBLIC);
  }
}
