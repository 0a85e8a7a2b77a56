package io.tocsin.audit;

import io.tocsin.audit.Verification.Fault;
import io.tocsin.audit.Verification.Part;
import io.tocsin.base.CanonicalJson;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Text;
import io.tocsin.policy.Policy;
import io.tocsin.quorum.Committee;
import io.tocsin.respond.Interlock;
import io.tocsin.respond.Ruling;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Computes every decision and ruling of a log again from what it rested on, and compares; and looks
 * that every act had a permit. Owned by one thread; used once.
 */
public final class Recomputation {
  private final List<Fault> faults = new ArrayList<>();
  private final Set<Hash32> granted = new HashSet<>();
  private final Set<Hash32> intended = new HashSet<>();
  private final boolean whole;
  private Optional<Recording> recording = Optional.empty();
  private boolean alone;
  private long decisions;
  private long rulings;

  /**
   * A recomputation.
   *
   * @param whole whether no body is erased or changed, so that each act's permit must be on record
   */
  public Recomputation(boolean whole) {
    this.whole = whole;
  }

  /** From here on, certificates are checked by {@code committee}. */
  public void trust(Committee committee) {
    recording = Optional.of(new Recording(committee));
  }

  /** Decisions computed again. */
  public long decisions() {
    return decisions;
  }

  /** Rulings computed again. */
  public long rulings() {
    return rulings;
  }

  /** What differed, in the order of the log. */
  public List<Fault> faults() {
    return List.copyOf(faults);
  }

  /** Looks at the step of entry {@code sequence}. */
  public void check(long sequence, Step step) {
    switch (step) {
      case Step.Decided decided -> {
        decisions++;
        decided(sequence, decided);
      }
      case Step.Unserved unserved -> {
        decisions++;
        unserved(sequence, unserved);
      }
      case Step.Opened opened -> {
        alone = opened.federation().isZero();
      }
      case Step.Ruled ruled -> {
        rulings++;
        ruled(sequence, ruled);
      }
      case Step.Intended act -> {
        intended.add(act.permit());
        if (whole && !granted.contains(act.permit())) {
          fault(sequence, "permit " + act.permit() + " was acted on, but no ruling granted it");
        }
      }
      case Step.Acted act -> {
        if (whole && !intended.contains(act.permit())) {
          fault(sequence, "permit " + act.permit() + " was acted on before that was on record");
        }
      }
      case Step.Federated _,
          Step.Seen _,
          Step.Scanned _,
          Step.Reported _,
          Step.Admitted _,
          Step.Attested _,
          Step.Certified _,
          Step.Exposed _,
          Step.Estimated _,
          Step.Simulated _,
          Step.Ordered _,
          Step.Reorged _,
          Step.Withdrawn _,
          Step.Ratified _,
          Step.Drilled _,
          Step.Rehearsed _,
          Step.Trouble _,
          Step.Erased _ -> {}
    }
  }

  private void decided(long sequence, Step.Decided step) {
    try {
      JsonNode again = Recording.of(Policy.decide(reader().caseOf(step.inputs())));
      compare(sequence, "decision of mandate " + step.mandate(), step.decision(), again);
    } catch (MalformedException | IllegalArgumentException e) {
      fault(sequence, "the decision cannot be computed again: " + e.getMessage());
    }
  }

  private void unserved(long sequence, Step.Unserved step) {
    try {
      Recording.Unserved inputs = reader().unservedOf(step.inputs());
      List<Policy.Decided> judged =
          new Policy(List.of(inputs.protection()))
              .judge(inputs.occasion(), inputs.exposure(), inputs.estimate());
      Policy.Decided first = judged.getFirst();
      if (first.mandate().isEmpty()) {
        JsonNode again = Recording.of(first.decision());
        compare(sequence, "decision about " + step.contract(), step.decision(), again);
      } else {
        fault(
            sequence,
            "the decision about "
                + step.contract()
                + " is recorded as served by no mandate, but "
                + first.mandate()
                + " serves it");
      }
    } catch (MalformedException | IllegalArgumentException e) {
      fault(sequence, "the decision cannot be computed again: " + e.getMessage());
    }
  }

  private void ruled(long sequence, Step.Ruled step) {
    try {
      Recording.RulingInputs inputs = reader().rulingOf(step.inputs());
      Ruling ruling = Interlock.rule(inputs.before(), inputs.action(), inputs.now());
      if (ruling instanceof Ruling.Granted grant) {
        granted.add(grant.permit().digest());
      }
      JsonNode again = Recording.of(ruling);
      compare(sequence, "ruling on mandate " + step.mandate(), step.ruling(), again);
    } catch (MalformedException | IllegalArgumentException e) {
      fault(sequence, "the ruling cannot be computed again: " + e.getMessage());
    }
  }

  /** A node without federation recorded no certificate: there is nothing to check one by. */
  private Recording reader() throws MalformedException {
    if (alone) {
      return new Recording();
    }
    return recording.orElseThrow(
        () -> new MalformedException("the rosters are not known; give the federation file"));
  }

  private void compare(long sequence, String what, JsonNode recorded, JsonNode again) {
    if (!CanonicalJson.write(recorded).equals(CanonicalJson.write(again))) {
      fault(
          sequence,
          "the "
              + what
              + " is recorded as "
              + Text.excerpt(CanonicalJson.write(recorded).toUtf8())
              + ", but its inputs give "
              + Text.excerpt(CanonicalJson.write(again).toUtf8()));
    }
  }

  private void fault(long sequence, String detail) {
    faults.add(new Fault(sequence, Part.OUTCOME, detail));
  }
}
