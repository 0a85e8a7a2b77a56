package io.tocsin.respond;

/** The interlock's answer to an action. */
public sealed interface Ruling {
  /** The state after the ruling; it must be durable before the permit is used. */
  InterlockState next();

  /** Go ahead, once. */
  record Granted(Permit permit, InterlockState next) implements Ruling {}

  /** Not now, or never. */
  record Held(Why reason, String detail, InterlockState next) implements Ruling {}

  /** Why an action is held; also the metric's label. */
  enum Why {
    MISFIT("the trigger must be of the mandate's class"),
    ALREADY_SPENT("a transaction trips a mandate once"),
    EXPIRED("the mandate has expired"),
    STALE("the claim is older than the mandate allows"),
    TOO_LONG("the pause is longer than its class allows"),
    HUMAN_HOLD("the mandate waits for a human"),
    AWAITING_APPROVAL("the mandate wants a human to agree to each action"),
    NOT_SOFTEST("derived and local actions use the softest rung"),
    NO_USES_LEFT("the mandate's uses are spent"),
    COOLING_DOWN("the mandate is cooling down"),
    NEVER_MINED("two pending claims that were never mined in a day mean a human hold"),
    IN_FORCE("an earlier trip holds the same lever down"),
    PAUSED_TIME("the paused time of the target in 30 days is capped");

    private final String rule;

    Why(String rule) {
      this.rule = rule;
    }

    /** Whether a person can let the action go on. */
    public boolean waitsForHuman() {
      return this == HUMAN_HOLD || this == AWAITING_APPROVAL || this == NEVER_MINED;
    }

    /** Whether the end of a pause lets the action go on. */
    public boolean restsOnPause() {
      return this == IN_FORCE || this == PAUSED_TIME;
    }

    /** The rule that held the action, in words. */
    public String rule() {
      return rule;
    }
  }
}
