package io.tocsin.respond;

import io.tocsin.base.AccountId;
import io.tocsin.policy.Lever;
import io.tocsin.risk.RiskEstimate;
import java.util.Optional;

/** Carries out permits; the only outward effect of a node. Thread-safe. */
public interface Responder {
  /**
   * Carries out a permit that was never tried before, and waits for its outcome. Before its first
   * effect it writes down what it sends ({@link SentBook}) and waits until that, and with it the
   * intent on record, is on the disk; until then it may look and prepare.
   *
   * @param stake what is at risk, which bounds what it may cost
   */
  Outcome execute(Permit permit, RiskEstimate stake);

  /**
   * Finds out what became of a permit that was tried before, by reading the chain; sends nothing.
   * {@link Outcome.Refused} then means that it can be tried again.
   */
  Outcome settle(Permit permit);

  /**
   * Raises what was sent for a permit before and still waits, until it is mined; sends nothing that
   * could be mined beside it. Answers as {@link #settle} where nothing waits, or where it would
   * fail by now.
   *
   * @param stake what is at risk now
   */
  Outcome bidOn(Permit permit, RiskEstimate stake);

  /**
   * Why it could not act now, such as an empty account or endpoints that do not answer; empty if it
   * could. Cheap, and in the same words while the reason is the same.
   */
  Optional<String> unready();

  /**
   * Why pulling {@code lever} through {@code guardian} would fail now, tried by a call that sends
   * nothing; empty if it would not. No certificate is involved: what the guardian asks for before
   * it pulls is not tried.
   */
  Optional<String> rehearse(AccountId guardian, Lever lever);
}
