package io.tocsin.pipeline;

import io.tocsin.audit.Step;
import io.tocsin.base.AccountId;
import io.tocsin.policy.Mandate;
import io.tocsin.policy.Protection;
import io.tocsin.respond.Responder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What every mandate would come to now, tried by calls that send nothing. Thread-safe. */
public final class Rehearsal {
  private final List<Protection> protections;
  private final Map<AccountId, Responder> responders;

  /** A rehearsal of these mandates. */
  public Rehearsal(List<Protection> protections, Map<AccountId, Responder> responders) {
    this.protections = List.copyOf(protections);
    this.responders = Map.copyOf(responders);
  }

  /** Tries all that a responder serves. */
  List<Step.Tried> all() {
    List<Step.Tried> all = new ArrayList<>();
    for (Protection protection : protections) {
      AccountId guardian = protection.guard().account();
      Responder responder = responders.get(guardian);
      if (responder != null) {
        for (Mandate mandate : protection.mandates()) {
          String fault =
              responder
                  .unready()
                  .or(() -> responder.rehearse(guardian, mandate.lever()))
                  .orElse("");
          all.add(new Step.Tried(guardian, mandate.name(), fault));
        }
      }
    }
    return all;
  }
}
