package io.tocsin.detect;

/** A part that an account plays in a transaction; one account may play several. */
public enum Role {
  SENDER("sender", "signed the transaction"),
  ENTRY("entry", "the contract that the transaction calls"),
  SENDER_SIDE("sender's side", "acts for the sender: made by it, or only paid by it"),
  VICTIM("victim", "a finding says that it was robbed"),
  WAY_IN("way in", "called by the sender's side in the calls that made a victim pay"),
  LENDER("lender", "lent something, for the length of a call or on credit"),
  POOL("pool", "gave one asset for another"),
  ROUTER("router", "passed on what it got, and kept nothing"),
  ORACLE("oracle", "was asked for a price"),
  TOKEN("token", "keeps balances that moved or were read"),
  WRAPPER("wrapped native", "a token that stands for the native currency"),
  PROXY("proxy", "runs the code of another for whatever it is asked"),
  IMPLEMENTATION("implementation", "its code is run by a proxy");

  private final String title;
  private final String meaning;

  Role(String title, String meaning) {
    this.title = title;
    this.meaning = meaning;
  }

  /** One or two words for people. */
  public String title() {
    return title;
  }

  /** How it is told. */
  public String meaning() {
    return meaning;
  }
}
