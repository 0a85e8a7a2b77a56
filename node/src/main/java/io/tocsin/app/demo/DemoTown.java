package io.tocsin.app.demo;

import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.crypto.Domain;
import io.tocsin.identity.Roster;
import io.tocsin.policy.BudgetClass;
import java.util.List;
import java.util.Map;

/**
 * The federation of the demonstration at work.
 *
 * @param nodes of the five members; the last is the liar of acts three and four
 * @param guardians by lender
 */
record DemoTown(
    List<MemberNode> nodes,
    Roster roster,
    Domain domain,
    Map<Lender, Guard> guardians,
    Chronicle chronicle,
    List<GuardianWatch> watches) {
  DemoTown {
    nodes = List.copyOf(nodes);
    guardians = Map.copyOf(guardians);
    watches = List.copyOf(watches);
  }

  /**
   * A lender's guardian contract.
   *
   * @param classes of its mandates
   * @param mandates their ids on chain
   */
  record Guard(Address contract, List<BudgetClass> classes, List<Hash32> mandates) {
    Guard {
      classes = List.copyOf(classes);
      mandates = List.copyOf(mandates);
    }
  }

  /** The member who lies. */
  MemberNode liar() {
    return nodes.getLast();
  }

  /** The members who do not. */
  List<MemberNode> honest() {
    return nodes.subList(0, nodes.size() - 1);
  }

  /** Calls of guardians about the attack {@code cause}. */
  List<GuardianWatch.Call> calls(Hash32 cause) {
    return watches.stream().flatMap(watch -> watch.calls(cause).stream()).toList();
  }
}
