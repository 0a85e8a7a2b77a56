package io.tocsin.adapter.files;

import io.tocsin.base.AccountId;
import io.tocsin.base.ChainId;
import io.tocsin.exposure.Interest.DerivedTerms;
import io.tocsin.policy.BudgetClass;
import io.tocsin.policy.Mandate;
import io.tocsin.policy.Protection;
import io.tocsin.policy.TestNetworks;
import java.time.Duration;

/** Finds what does not fit together in a mandate file whose values are each well-formed. */
final class ProtectionChecks {
  private final Protection protection;
  private final YamlSection root;
  private final MandateSections mandates;

  ProtectionChecks(Protection protection, YamlSection root, MandateSections mandates) {
    this.protection = protection;
    this.root = root;
    this.mandates = mandates;
  }

  void run() {
    chains();
    siblings();
    for (Mandate mandate : protection.mandates()) {
      mandate(mandate, mandates.sectionOf(mandate));
    }
  }

  private void chains() {
    ChainId home = protection.interest().account().chain();
    if (!home.isEvm()) {
      root.fault("contract", "only EVM chains have guardian contracts");
    }
    if (!protection.guard().account().chain().equals(home)) {
      root.fault("guardian", "is on another chain than the contract");
    }
    if (!protection.sourceChains().contains(home)) {
      root.fault("sourceChains", "must contain the contract's own chain " + home);
    }
    for (ChainId chain : protection.sourceChains()) {
      if (TestNetworks.refused(chain, home)) {
        root.fault(
            "sourceChains",
            chain + " is a test network, where anyone can stage anything; remove it");
      }
    }
  }

  private void siblings() {
    for (AccountId sibling : protection.interest().terms().siblings().keySet()) {
      if (sibling.equals(protection.interest().account())) {
        root.fault("derived", "the contract is no sibling of itself; remove " + sibling);
      }
      if (!protection.sourceChains().contains(sibling.chain())) {
        root.fault("derived", sibling + " is on a chain that sourceChains does not list");
      }
    }
  }

  private void mandate(Mandate mandate, YamlSection section) {
    BudgetClass budgetClass = mandate.budgetClass();
    Duration duration = mandate.limits().duration();
    Duration cap = protection.guard().pausedCap();
    if (budgetClass == BudgetClass.DERIVED) {
      derived(section, protection.interest().terms());
    }
    boolean soft = budgetClass == BudgetClass.DERIVED || budgetClass == BudgetClass.LOCAL;
    if (soft && mandate.lever().rung() > protection.softestRung()) {
      section.fault(
          "lever",
          "derived and local mandates use the softest rung, which is " + protection.softestRung());
    }
    Duration room = budgetClass == BudgetClass.DIRECT ? cap : cap.dividedBy(2);
    if (duration.compareTo(room) > 0) {
      section.fault(
          "duration",
          "longer than pausedCap leaves for this class: at most " + room.toSeconds() + "s");
    }
    Duration pending = protection.longestPending();
    if (budgetClass == BudgetClass.PENDING && !protection.servesPending(mandate)) {
      section.fault(
          "duration",
          "a pending claim pauses for at most "
              + Protection.PENDING_BLOCKS
              + " blocks, here "
              + pending.toSeconds()
              + "s");
    }
  }

  private static void derived(YamlSection section, DerivedTerms terms) {
    if (terms.siblings().isEmpty()) {
      section.fault("class", "a derived mandate needs derived.siblings, the subjects you approve");
    }
    if (terms.floors().isEmpty()) {
      section.fault("class", "a derived mandate needs derived.floors, the losses that count");
    }
  }
}
