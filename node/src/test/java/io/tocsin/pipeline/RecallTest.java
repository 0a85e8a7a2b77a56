package io.tocsin.pipeline;

import static io.tocsin.policy.PolicySamples.code;
import static io.tocsin.policy.PolicySamples.hash;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.audit.AuditEntry;
import io.tocsin.audit.AuditLog;
import io.tocsin.audit.MemoryAuditStore;
import io.tocsin.audit.Step;
import io.tocsin.base.Bytes;
import io.tocsin.base.ChainId;
import io.tocsin.base.Clocks;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Metrics;
import io.tocsin.base.Threads;
import io.tocsin.chain.Agreement;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.ChainEvent.HeadAdvanced;
import io.tocsin.chain.ChainEvent.Reorged;
import io.tocsin.chain.ChainEvent.Traced;
import io.tocsin.chain.Position;
import io.tocsin.claim.Author;
import io.tocsin.claim.Claim;
import io.tocsin.claim.Report;
import io.tocsin.claim.ReportCodec;
import io.tocsin.claim.Reporter;
import io.tocsin.crypto.Domain;
import io.tocsin.crypto.Envelope;
import io.tocsin.crypto.KeyPair;
import io.tocsin.crypto.Topic;
import io.tocsin.crypto.Verified;
import io.tocsin.detect.DetectConfig;
import io.tocsin.detect.Detectors;
import io.tocsin.detect.Sightings;
import io.tocsin.gossip.Gossip;
import io.tocsin.identity.Rosters;
import io.tocsin.identity.Samples;
import io.tocsin.quorum.Attestation;
import io.tocsin.quorum.AttestationPool;
import io.tocsin.quorum.Attestor;
import io.tocsin.quorum.Committee;
import io.tocsin.quorum.MemoryEvidenceBook;
import io.tocsin.quorum.MemoryVerdictBook;
import io.tocsin.quorum.Patience;
import io.tocsin.quorum.Verdict;
import io.tocsin.quorum.Votes;
import io.tocsin.respond.OrderBook;
import io.tocsin.respond.PauseView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a member says and does about a claim whose block leaves the chain. */
final class RecallTest {
  private static final ChainId CHAIN = ChainId.evm(1);
  private static final Instant NOW = Samples.BEGIN.plusSeconds(60);
  private static final BlockRef PARENT = block(9, "parent");
  private static final BlockRef BLOCK = block(10, "block");
  private static final BlockRef OTHER = block(10, "other");

  private final List<KeyPair> keys = Samples.keys(5, 4);
  private final KeyPair peer = keys.getLast();
  private final Rosters rosters = Samples.rosters(keys, () -> NOW);
  private final FakeChain chain = new FakeChain(CHAIN);
  private final ExecutorService cpu = Threads.cpu("recall", 1, 16);
  private final MemoryAuditStore store = new MemoryAuditStore();
  private final BlockingQueue<Claim> reported = new LinkedBlockingQueue<>();
  private final BlockingQueue<Attestation> attested = new LinkedBlockingQueue<>();
  private final BlockingQueue<Claim.AllClear> withdrawn = new LinkedBlockingQueue<>();
  private Thread follower = Thread.currentThread();

  @SuppressWarnings("NullAway.Init") // set before every test
  private Pipeline pipeline;

  @SuppressWarnings("NullAway.Init") // set before every test
  private AuditLog log;

  private static BlockRef block(long number, String name) {
    return new BlockRef(number, hash(name + number), NOW.minusSeconds(12));
  }

  /** Takes what is published apart; nothing comes back by itself. */
  private final class Ear implements Gossip {
    @Override
    public void publish(Topic<?> topic, Bytes payload) {
      try {
        if (topic.name().equals(ReportCodec.TOPIC.name())) {
          reported.add(ReportCodec.decode(payload).claim());
        } else if (topic.name().equals(Attestation.TOPIC.name())) {
          attested.add(Attestation.decode(payload));
        }
      } catch (MalformedException e) {
        throw new AssertionError(e);
      }
    }
  }

  @BeforeEach
  void follow() throws MalformedException {
    log = AuditLog.open(store, () -> NOW, new Random(5));
    Observer observer =
        new Observer() {
          @Override
          public void withdrawn(Claim.AllClear clear) {
            withdrawn.add(clear);
          }
        };
    Records records =
        new Records("birch", log, Metrics.NONE, observer, Pager.NONE, Clocks.one(() -> NOW));
    Eyes eyes =
        new Eyes(
            Map.of(CHAIN, chain.ports()),
            new Detectors(DetectConfig.DEFAULT),
            cpu,
            new Sightings(16),
            () -> NOW);
    Defence defence =
        new Defence(
            new Defence.Means(
                List.of(),
                Map.of(),
                new MemoryInterlockBook(),
                (_, _) -> new PauseView.Standing.Unavailable("nobody asked"),
                OrderBook.NONE),
            eyes,
            _ -> Optional.empty(),
            records);
    Attestor attestor =
        new Attestor(
            keys.getFirst(), rosters, new MemoryVerdictBook(), Patience.DEFAULT, () -> NOW);
    AttestationPool pool =
        new AttestationPool(
            rosters,
            new MemoryEvidenceBook(),
            (_, _) -> List.of(),
            AttestationPool.Limits.DEFAULT,
            () -> NOW);
    Author author = new Author(keys.getFirst(), domain());
    Town town =
        Town.of(new Town.Members(author, new Ear(), attestor, pool, new Committee(rosters)));
    pipeline = new Pipeline(eyes, town, defence, records);
    follower =
        Threads.start(
            "follow",
            () -> {
              try {
                pipeline.follow(chain.ports());
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  @AfterEach
  void stop() {
    follower.interrupt();
    pipeline.close();
    cpu.shutdownNow();
    log.close();
  }

  private Domain domain() {
    return rosters.federation().domain();
  }

  private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T one = queue.poll(60, TimeUnit.SECONDS);
    assertThat(one).isNotNull();
    return one;
  }

  /** The claim about the first victim of an exploit in {@link #BLOCK}. */
  private Claim.ExploitMined robbery() throws InterruptedException {
    chain.codes.put(Recorded.VICTIM, code("victim"));
    chain.events.add(
        new Traced(
            Recorded.exploit(CHAIN, hash("tx"), new Position.Mined(BLOCK, PARENT.hash())),
            new Agreement.Agreed(2, Set.of("north", "south")),
            NOW));
    chain.events.add(new HeadAdvanced(CHAIN, BLOCK));
    Claim.ExploitMined claim = (Claim.ExploitMined) next(reported);
    Attestation own = next(attested);
    assertThat(own.claimId()).isEqualTo(claim.id());
    assertThat(own.verdict()).isEqualTo(Verdict.CONFIRM);
    return claim;
  }

  private void leave() {
    chain.events.add(new Reorged(CHAIN, List.of(BLOCK), PARENT));
    chain.events.add(new HeadAdvanced(CHAIN, OTHER));
  }

  private Verified<Report> report(Claim.ExploitMined claim, BlockRef instead)
      throws MalformedException {
    Report report = Reporter.allClear(claim, instead);
    Envelope envelope =
        Envelope.seal(
            peer,
            domain(),
            ReportCodec.TOPIC.name(),
            1,
            ReportCodec.encode(report, peer.address(), NOW));
    return Verified.open(
            envelope, domain(), _ -> Optional.of(peer.publicKey()), ReportCodec.TOPIC.decoder())
        .orElseThrow();
  }

  private List<Step> steps() throws MalformedException {
    log.flush();
    List<Step> steps = new ArrayList<>();
    for (AuditEntry entry : store.entries()) {
      if (entry.content() instanceof AuditEntry.Content.Kept(_, var body)) {
        steps.add(AuditLog.decode(body).step());
      }
    }
    return steps;
  }

  @Test
  void saysSoOnceAnotherBlockHasTakenThePlaceForGood() throws Exception {
    Claim.ExploitMined claim = robbery();
    leave();
    assertThat(next(chain.canon.asked)).isEqualTo(10);
    assertThat(reported).as("it may be back with the next block").isEmpty();
    chain.canon.deep.put(10L, OTHER);
    chain.events.add(new HeadAdvanced(CHAIN, block(11, "other")));
    assertThat(next(reported)).isEqualTo(new Claim.AllClear(claim.id(), CHAIN, OTHER.hash()));
  }

  @Test
  void saysNothingOfABlockThatCameBack() throws Exception {
    Claim.ExploitMined _ = robbery();
    leave();
    assertThat(next(chain.canon.asked)).isEqualTo(10);
    chain.canon.deep.put(10L, BLOCK);
    chain.events.add(new HeadAdvanced(CHAIN, block(11, "back")));
    assertThat(next(chain.canon.asked)).isEqualTo(10);
    chain.events.add(new HeadAdvanced(CHAIN, block(12, "back")));
    Hash32 again = hash("again");
    chain.events.add(
        new Traced(
            Recorded.exploit(CHAIN, again, new Position.Mined(block(13, "back"), PARENT.hash())),
            new Agreement.Agreed(2, Set.of("north", "south")),
            NOW));
    assertThat(next(reported)).as("the next word").isInstanceOf(Claim.ExploitMined.class);
  }

  @Test
  void theSameTransactionInAnotherBlockIsAnotherClaim() throws Exception {
    Claim.ExploitMined claim = robbery();
    leave();
    chain.events.add(
        new Traced(
            Recorded.exploit(CHAIN, hash("tx"), new Position.Mined(OTHER, PARENT.hash())),
            new Agreement.Agreed(2, Set.of("north", "south")),
            NOW));
    assertThat(next(reported))
        .isInstanceOfSatisfying(
            Claim.ExploitMined.class,
            second -> {
              assertThat(second.tx()).isEqualTo(claim.tx());
              assertThat(second.block().hash()).isEqualTo(OTHER.hash());
              assertThat(second.id()).isNotEqualTo(claim.id());
            });
  }

  @Test
  void confirmsAPeersAllClearByItsOwnLookAtTheChain() throws Exception {
    Claim.ExploitMined claim = robbery();
    chain.canon.deep.put(10L, OTHER);
    Verified<Report> report = report(claim, OTHER);
    pipeline.onReport(report);
    Attestation attestation = next(attested);
    assertThat(attestation.claimId()).isEqualTo(report.value().claim().id());
    assertThat(attestation.verdict()).isEqualTo(Verdict.CONFIRM);
  }

  @Test
  void refutesAnAllClearOfWhatIsStillCanonical() throws Exception {
    Claim.ExploitMined claim = robbery();
    chain.canon.deep.put(10L, BLOCK);
    pipeline.onReport(report(claim, OTHER));
    assertThat(next(attested).verdict()).isEqualTo(Verdict.REFUTE);
  }

  @Test
  void anAllClearCertificateIsOnRecordAndDecidesNothing() throws Exception {
    Claim.ExploitMined claim = robbery();
    chain.canon.deep.put(10L, OTHER);
    Verified<Report> report = report(claim, OTHER);
    pipeline.onReport(report);
    Hash32 clear = report.value().claim().id();
    for (KeyPair key : keys.subList(1, 4)) {
      pipeline.onAttestation(
          Votes.arrived(key, domain(), Votes.vote(key, domain(), clear, 1, Verdict.CONFIRM)));
    }
    assertThat(next(withdrawn)).isEqualTo(report.value().claim());
    assertThat(steps())
        .contains(new Step.Withdrawn(claim.id(), CHAIN, OTHER.hash(), List.of()))
        .noneMatch(
            step ->
                switch (step) {
                  case Step.Exposed e -> e.claim().equals(clear);
                  case Step.Decided d -> d.claim().equals(clear);
                  case Step.Ruled r -> r.claim().equals(clear);
                  default -> false;
                });
  }
}
