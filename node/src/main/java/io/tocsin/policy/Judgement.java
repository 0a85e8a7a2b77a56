package io.tocsin.policy;

import io.tocsin.expression.Condition;
import java.util.Optional;

/**
 * What the owner asks of the node beyond what the guardian contract enforces.
 *
 * @param condition must say yes before the mandate acts
 * @param unknownRisk what an unknown estimate leads to
 */
public record Judgement(
    Mode mode, Optional<Condition> condition, UnknownRisk unknownRisk, Approval approval) {
  /** Shadow mode, no condition, alert on unknown risk, no approval. */
  public static final Judgement DEFAULT =
      new Judgement(Mode.SHADOW, Optional.empty(), UnknownRisk.ALERT, Approval.NONE);

  /** Whether decisions have effects. */
  public enum Mode {
    /** Only says what it would have done. */
    SHADOW,
    /** Acts. */
    ACT
  }

  /** What an unknown estimate leads to. */
  public enum UnknownRisk {
    ALERT,
    ACT
  }

  /** Whether a human must agree to each action. */
  public enum Approval {
    NONE,
    HUMAN
  }
}
