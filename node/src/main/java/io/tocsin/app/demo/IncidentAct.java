package io.tocsin.app.demo;

import io.tocsin.app.demo.ActResult.Losses;
import io.tocsin.app.demo.ActResult.Scene;
import io.tocsin.app.demo.ActResult.Story;
import io.tocsin.base.Hash32;
import io.tocsin.base.Wei;
import io.tocsin.quorum.QuorumCertificate;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Act one: the real attack on Pike Finance, seen and certified. */
final class IncidentAct implements Act {
  /** Dollars for one ether in the demonstration's configuration: about its price that day. */
  static final BigDecimal ETHER_USD = BigDecimal.valueOf(3_000);

  private final Stagecraft stage;

  IncidentAct(Stagecraft stage) {
    this.stage = stage;
  }

  @Override
  public Scene scene() {
    return new Scene("incident", "The real attack on Pike Finance is seen and certified");
  }

  @Override
  public ActResult play() throws InterruptedException {
    Screen screen = stage.screen();
    PikeIncident pike = stage.world().pike();
    LockstepChain chain = stage.world().one().builder().chain();
    screen.say(Screen.Tone.TITLE, "Act 1  A real incident: Pike Finance, 30 April 2024");
    screen.note(
        "real contract code and state of mainnet at block "
            + pike.parentBlock()
            + "; the real call of "
            + pike.realHash());
    screen.note(
        "its signature is not on record: anvil impersonates the sender, so the hash here differs");
    Wei before = PikeIncident.balance(chain, pike.victim());
    Hash32 tx = hash(stage.world().one().builder().impersonate(pike.transaction()));
    int all = stage.town().nodes().size();
    boolean certified =
        stage.town().chronicle().await(t -> t.holders(tx) == all, Stagecraft.PATIENCE);
    Story story = stage.story(tx);
    Wei after = PikeIncident.balance(chain, pike.victim());
    BigDecimal ether = new BigDecimal(before.amount().subtract(after.amount()), 18);
    Optional<QuorumCertificate> certificate = stage.town().chronicle().certificate(tx);
    screen.line("  transaction %s takes %.2f ETH from %s", tx, ether, pike.victim());
    stage.tell(story);
    boolean named =
        certificate
            .flatMap(c -> c.claim().about())
            .filter(subject -> subject.address().equals(pike.victim()))
            .isPresent();
    boolean good = certified && named && after.equals(Wei.ZERO);
    String failure =
        "expected " + all + " certificates, found " + stage.town().chronicle().holders(tx);
    screen.verdict(
        good,
        good
            ? "all "
                + all
                + " nodes hold a certificate that names the victim; nobody could have stopped one"
                + " private transaction"
            : failure);
    screen.gap();
    BigDecimal lost = ether.multiply(ETHER_USD);
    return new ActResult(
        scene(),
        story,
        new Losses(lost, lost),
        certificate,
        List.of(
            new ActResult.Fate(
                "Pike Finance", chain.id().toString(), after.equals(Wei.ZERO), false)),
        good ? Optional.empty() : Optional.of(failure));
  }

  private static Hash32 hash(Future<Hash32> sent) throws InterruptedException {
    try {
      return sent.get();
    } catch (ExecutionException e) {
      throw new Failed("the attack was not sent: " + e.getCause());
    }
  }
}
