package io.tocsin.pipeline;

import static io.tocsin.policy.PolicySamples.GUARDIAN;
import static io.tocsin.policy.PolicySamples.hash;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.audit.AuditLog;
import io.tocsin.audit.MemoryAuditStore;
import io.tocsin.audit.Step;
import io.tocsin.base.Bytes;
import io.tocsin.base.Clocks;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Metrics;
import io.tocsin.claim.Author;
import io.tocsin.crypto.Domain;
import io.tocsin.crypto.Envelope;
import io.tocsin.crypto.KeyPair;
import io.tocsin.crypto.Topic;
import io.tocsin.crypto.Verified;
import io.tocsin.gossip.HandClock;
import io.tocsin.identity.Rosters;
import io.tocsin.identity.Samples;
import io.tocsin.policy.PolicySamples;
import io.tocsin.quorum.AttestationPool;
import io.tocsin.quorum.Attestor;
import io.tocsin.quorum.Committee;
import io.tocsin.quorum.Drill;
import io.tocsin.quorum.DrillAnswer;
import io.tocsin.quorum.MemoryEvidenceBook;
import io.tocsin.quorum.MemoryVerdictBook;
import io.tocsin.quorum.Patience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Drills sent and answered at one member's desk. */
final class DrillDeskTest {
  private static final Hash32 ID = hash("drill");

  private record Said(String topic, Bytes payload) {}

  private final HandClock clock = new HandClock(Samples.BEGIN.plusSeconds(60));
  private final List<KeyPair> keys = Samples.keys(5, 5);
  private final KeyPair self = keys.getFirst();
  private final KeyPair peer = keys.getLast();
  private final Rosters rosters = Samples.rosters(keys, clock);
  private final List<Said> said = new ArrayList<>();
  private final List<Hash32> asked = new ArrayList<>();
  private final List<Step.Drilled> over = new ArrayList<>();
  private final BlockingQueue<Pager.Page> pages = new LinkedBlockingQueue<>();
  private final MemoryAuditStore store = new MemoryAuditStore();
  private final ScriptedResponder responder = new ScriptedResponder();

  @SuppressWarnings("NullAway.Init") // set before every test
  private AuditLog log;

  @SuppressWarnings("NullAway.Init") // set before every test
  private DrillDesk desk;

  @BeforeEach
  void open() throws MalformedException {
    log = AuditLog.open(store, clock, new Random(5));
    Observer observer =
        new Observer() {
          @Override
          public void drilled(Step.Drilled drill) {
            over.add(drill);
          }
        };
    Records records =
        new Records("birch", log, Metrics.NONE, observer, pages::add, Clocks.one(clock));
    Town town =
        Town.of(
            new Town.Members(
                new Author(self, domain()),
                (Topic<?> topic, Bytes payload) -> said.add(new Said(topic.name(), payload)),
                new Attestor(self, rosters, new MemoryVerdictBook(), Patience.DEFAULT, clock),
                new AttestationPool(
                    rosters,
                    new MemoryEvidenceBook(),
                    (_, _) -> List.of(),
                    AttestationPool.Limits.DEFAULT,
                    clock),
                new Committee(rosters)));
    DrillBook book =
        new DrillBook() {
          @Override
          public List<Hash32> asked() {
            return List.copyOf(asked);
          }

          @Override
          public void taken(Hash32 drill) {
            asked.remove(drill);
          }
        };
    Rehearsal rehearsal =
        new Rehearsal(List.of(PolicySamples.protection()), Map.of(GUARDIAN, responder));
    desk = new DrillDesk(town, rosters, rehearsal, book, records);
  }

  @AfterEach
  void close() {
    log.close();
  }

  private Domain domain() {
    return rosters.federation().domain();
  }

  private <T> Verified<T> from(KeyPair author, Topic<T> topic, Bytes payload)
      throws MalformedException {
    Envelope envelope = Envelope.seal(author, domain(), topic.name(), 1, payload);
    return Verified.open(envelope, domain(), _ -> Optional.of(author.publicKey()), topic.decoder())
        .orElseThrow();
  }

  private void answer(KeyPair member, Hash32 drill) throws MalformedException {
    desk.onAnswer(from(member, DrillAnswer.TOPIC, new DrillAnswer(drill).encode()));
  }

  private void drill(KeyPair author, Drill drill) throws MalformedException {
    desk.onDrill(from(author, Drill.TOPIC, drill.encode()));
  }

  private void ask(Hash32 id) {
    asked.add(id);
    desk.look();
  }

  @Test
  void aDrillEndsWithTheLastAnswerAndSaysHowLongEachTook() throws Exception {
    ask(ID);
    assertThat(said).singleElement().extracting(Said::topic).isEqualTo("drill");
    assertThat(Drill.decode(said.getFirst().payload()).id()).isEqualTo(ID);
    for (KeyPair key : keys) {
      clock.pass(Duration.ofMillis(7));
      desk.look();
      assertThat(over).isEmpty();
      answer(key, ID);
    }
    desk.look();
    assertThat(over)
        .singleElement()
        .satisfies(
            drill -> {
              assertThat(drill.refusal()).isEmpty();
              assertThat(drill.quorum()).contains(Duration.ofMillis(28));
              assertThat(drill.answers())
                  .extracting(a -> a.after().orElseThrow().toMillis())
                  .containsExactlyInAnyOrder(7L, 14L, 21L, 28L, 35L);
            });
  }

  @Test
  void whoDoesNotAnswerInTenSecondsIsNamed() throws Exception {
    ask(ID);
    for (KeyPair key : keys.subList(0, 3)) {
      answer(key, ID);
    }
    answer(peer, hash("another drill"));
    clock.pass(DrillDesk.PATIENCE.minusMillis(1));
    desk.look();
    assertThat(over).isEmpty();
    clock.pass(Duration.ofMillis(1));
    desk.look();
    answer(keys.get(3), ID);
    desk.look();
    assertThat(over)
        .singleElement()
        .satisfies(
            drill -> {
              assertThat(drill.quorum()).isEmpty();
              assertThat(drill.answers().stream().filter(a -> a.after().isEmpty()))
                  .extracting(Step.Answered::member)
                  .containsExactlyInAnyOrder(keys.get(3).address(), peer.address());
            });
  }

  @Test
  void aSecondDrillWithinAMinuteIsRefused() {
    ask(ID);
    clock.pass(Duration.ofSeconds(59));
    desk.look();
    over.clear();
    said.clear();
    ask(hash("second"));
    assertThat(said).isEmpty();
    assertThat(over).singleElement().satisfies(d -> assertThat(d.refusal()).contains("a minute"));
    clock.pass(Duration.ofSeconds(1));
    ask(hash("third"));
    assertThat(said).hasSize(1);
  }

  @Test
  void answersAPeersDrillAndCallsItsOwnerWithItsName() throws Exception {
    responder.fault = Optional.of("the guardian may not make it");
    drill(peer, new Drill(ID, clock.instant()));
    assertThat(said).singleElement().extracting(Said::topic).isEqualTo("drill-answer");
    Pager.Page page = pages.poll(60, TimeUnit.SECONDS);
    assertThat(page).isNotNull();
    assertThat(page.why()).isEqualTo(Pager.Why.DRILL);
    assertThat(page.text())
        .startsWith("DRILL, nothing happened")
        .contains(peer.address().toString(), "the guardian may not make it");
  }

  @Test
  void aFloodOfDrillsIsAnsweredOnceInHalfAMinuteAndCallsNobodyTwice() throws Exception {
    for (int i = 0; i < 100; i++) {
      drill(peer, new Drill(hash("drill" + i), clock.instant()));
    }
    assertThat(said).hasSize(1);
    clock.pass(Duration.ofSeconds(30));
    drill(peer, new Drill(ID, clock.instant()));
    assertThat(said).hasSize(2);
    drill(keys.get(1), new Drill(ID, clock.instant()));
    assertThat(said).as("another member's").hasSize(3);
    assertThat(pages.poll(60, TimeUnit.SECONDS)).isNotNull();
    assertThat(pages.poll(60, TimeUnit.SECONDS)).isNotNull();
    assertThat(pages.poll(200, TimeUnit.MILLISECONDS)).as("one an author").isNull();
  }

  @Test
  void aDrillOfAnotherTimeIsNotAnswered() throws Exception {
    drill(peer, new Drill(ID, clock.instant().minusSeconds(61)));
    drill(peer, new Drill(ID, clock.instant().plusSeconds(61)));
    assertThat(said).isEmpty();
    assertThat(pages).isEmpty();
  }
}
