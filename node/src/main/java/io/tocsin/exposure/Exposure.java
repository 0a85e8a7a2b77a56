package io.tocsin.exposure;

import io.tocsin.base.AccountId;
import java.util.List;
import java.util.Optional;

/** Why a claim concerns a contract that this member protects. */
public sealed interface Exposure {
  /** What is concerned. */
  Interest interest();

  /** The way from the claim's subject to it, in words. */
  String path();

  /** The contract concerned. */
  default AccountId protectedContract() {
    return interest().account();
  }

  /** The word for the kind of exposure in conditions, logs and JSON. */
  String kind();

  /** The subject is the protected contract itself. */
  record Direct(Interest interest, String path) implements Exposure {
    @Override
    public String kind() {
      return "direct";
    }
  }

  /** The subject is another contract. */
  sealed interface Derived extends Exposure {
    /** What the subject must satisfy before anyone acts on this exposure, and whether it does. */
    List<RuleResult> rules();

    /** The first rule that does not hold. */
    default Optional<RuleResult> stoppedBy() {
      return rules().stream().filter(r -> !r.holds()).findFirst();
    }
  }

  /** The subject runs the same code, or was named a sibling by the owner. */
  record SameCode(Interest interest, String path, List<RuleResult> rules) implements Derived {
    public SameCode {
      rules = List.copyOf(rules);
    }

    @Override
    public String kind() {
      return "same-code";
    }
  }

  /** The subject is a token that the contract relies on, its minter or its bridge. */
  record SharedToken(Interest interest, String path, List<RuleResult> rules) implements Derived {
    public SharedToken {
      rules = List.copyOf(rules);
    }

    @Override
    public String kind() {
      return "shared-token";
    }
  }
}
