package io.tocsin.policy;

/** Why a decision is not to act; also the metric's label. */
public enum Reason {
  NOT_AN_EXPLOIT("only exploit claims may lead to an action; an all-clear never unpauses"),
  NOT_EXPOSED("the claim concerns nothing that is protected here"),
  OTHER_CLASS("the mandate serves another class of trigger"),
  NO_MANDATE("no mandate serves this class of trigger"),
  SHADOW_MODE("the mandate is in shadow mode"),
  NOT_ON_CHAIN("the mandate has no id of the guardian contract"),
  TEST_NETWORK("claims of test networks never count"),
  FOREIGN_CHAIN("the claim's chain is not on the allow-list"),
  OLD_EPOCH("the epoch must be the current one, or the previous one within an hour"),
  STALE("the claim is older than the mandate allows"),
  FROM_THE_FUTURE("the claim lies in the future"),
  EXPIRED("the mandate has expired"),
  ENDPOINTS_DISAGREE("two endpoints of two operators must agree on block and trace"),
  NOT_SEEN("this node's own scan must have found the harm"),
  CODE_DIFFERS("the subject's code read here must be the code claimed"),
  PENDING_IS_DIRECT_ONLY("a pending claim acts on the same address only"),
  TOO_LONG_FOR_PENDING(
      "on a pending claim an own pause is no longer than ten minutes or 25 blocks"),
  LOCAL_IS_DIRECT_ONLY("an own sighting acts on the own address only"),
  NOT_A_SIBLING("the subject must be in the owner-approved sibling root"),
  CODE_NOT_MATCHING("the subject's code, behind proxies at the parent block, must match"),
  FRAMES_NOT_MATCHING("the frames that prove the loss must run the matching code"),
  FOREIGN_PRICE_SOURCE("each price source they read must be mine or match in code"),
  TOO_YOUNG("the subject must have a minimum age"),
  BELOW_FLOOR("the loss, in listed assets, must exceed a floor"),
  NOT_SOFTEST("derived and local actions use the softest rung"),
  UNKNOWN_RISK("the value at risk must be known"),
  CONDITION_NOT_MET("the mandate's condition says no"),
  CONDITION_FAILED("a condition that cannot be evaluated means alert"),
  SUBJECT_NOT_PERMITTED("the subject is not under the mandate's root");

  private final String rule;

  Reason(String rule) {
    this.rule = rule;
  }

  /** The rule that stopped the action, in words. */
  public String rule() {
    return rule;
  }
}
