package io.tocsin.respond;

import io.tocsin.base.AccountId;
import io.tocsin.base.Hash32;

/** What the owner tells a running node about its interlock. */
public sealed interface Order {
  /** One action that waits may be carried out. */
  record Approve(Hash32 permit) implements Order {}

  /** A mandate that waits for a human goes on; what made it wait counts no more. */
  record LetGo(AccountId guardian, Hash32 mandate) implements Order {}

  /** A mandate waits for a human from now on. */
  record Hold(AccountId guardian, Hash32 mandate, String reason) implements Order {}
}
