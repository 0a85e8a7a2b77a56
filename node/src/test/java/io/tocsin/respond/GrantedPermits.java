package io.tocsin.respond;

import io.tocsin.policy.Action;
import java.time.Instant;

/** Permits without an interlock, for tests of what comes behind it. */
public final class GrantedPermits {
  private GrantedPermits() {}

  public static Permit of(Action action, Instant granted) {
    return new Permit(action, granted);
  }
}
