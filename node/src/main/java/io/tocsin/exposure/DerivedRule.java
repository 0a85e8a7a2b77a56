package io.tocsin.exposure;

/** What must all hold before a derived exposure may act. */
public enum DerivedRule {
  SUBJECT_IS_SIBLING("the subject must be in the owner-approved sibling root"),
  CODE_MATCHES("the subject's code, behind proxies at the parent block, must match"),
  FRAMES_RUN_MATCHING_CODE("the frames that prove the loss must run the matching code"),
  PRICE_SOURCES_ARE_MINE("each price source they read must be mine or match in code"),
  SUBJECT_IS_OLD_ENOUGH("the subject must have a minimum age"),
  LOSS_EXCEEDS_FLOOR("the loss, in listed assets, must exceed a floor");

  private final String text;

  DerivedRule(String text) {
    this.text = text;
  }

  /** The rule in words. */
  public String text() {
    return text;
  }
}
