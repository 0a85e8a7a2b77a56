package io.tocsin.chain;

/** The EVM operation that opened a frame. */
public enum FrameKind {
  CALL,
  CALLCODE,
  DELEGATECALL,
  STATICCALL,
  CREATE,
  CREATE2,
  SELFDESTRUCT;

  /** Whether the frame makes a contract. */
  public boolean creates() {
    return this == CREATE || this == CREATE2;
  }

  /** Whether the frame's value moves from one account to another. */
  public boolean movesValue() {
    return this == CALL || creates() || this == SELFDESTRUCT;
  }

  /** Whether the code of {@code to} runs in the storage of {@code from}. */
  public boolean borrowsCode() {
    return this == DELEGATECALL || this == CALLCODE;
  }
}
