package io.tocsin.pipeline;

import static io.tocsin.policy.PolicySamples.hash;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Hash32;
import io.tocsin.chain.PendingTrials;
import io.tocsin.chain.PendingTrials.Trial;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class TrialMemoTest {
  private static final Hash32 TX = hash("tx");
  private static final Hash32 HEAD = hash("head");
  private static final Trial FIRST = new Trial.NotIncludable("at first");
  private static final Trial LATER = new Trial.NotIncludable("later");

  private final TrialMemo memo = new TrialMemo();
  private final AtomicInteger asked = new AtomicInteger();

  private PendingTrials trials(Trial first) {
    return tx -> asked.incrementAndGet() == 1 ? first : LATER;
  }

  @Test
  void whatWasBegunIsNotTriedAgain() {
    PendingTrials trials = trials(FIRST);
    memo.begin(trials, TX, HEAD);
    assertThat(memo.trial(trials, TX, HEAD)).isEqualTo(FIRST);
    assertThat(asked).hasValue(1);
  }

  @Test
  void anotherHeadIsTriedAnew() {
    PendingTrials trials = trials(FIRST);
    memo.begin(trials, TX, HEAD);
    Trial _ = memo.trial(trials, TX, HEAD);
    assertThat(memo.trial(trials, TX, hash("next"))).isEqualTo(LATER);
  }

  @Test
  void whatCameToNothingIsTriedAgain() {
    PendingTrials trials = trials(new Trial.Unavailable("no endpoint answers"));
    memo.begin(trials, TX, HEAD);
    assertThat(memo.trial(trials, TX, HEAD)).isEqualTo(LATER);
  }

  @Test
  void whatFailedIsTriedAgain() {
    PendingTrials trials =
        tx -> {
          if (asked.incrementAndGet() == 1) {
            throw new IllegalStateException("no memory left");
          }
          return LATER;
        };
    memo.begin(trials, TX, HEAD);
    assertThat(memo.trial(trials, TX, HEAD)).isEqualTo(LATER);
  }
}
