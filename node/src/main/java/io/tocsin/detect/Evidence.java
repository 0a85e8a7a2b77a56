package io.tocsin.detect;

import io.tocsin.base.Address;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The frames and flows that prove a loss. */
public final class Evidence {
  /** Of many flows, the first this many are kept. */
  static final int MAX_FLOWS = 32;

  private final Set<Integer> frames = new LinkedHashSet<>();
  private final List<Flow> flows = new ArrayList<>();

  private Evidence() {}

  /** The flows by which {@code account} paid what it lost, and the calls that made it. */
  public static Evidence of(TraceFacts facts, Address account, List<Loss> losses) {
    Evidence evidence = new Evidence();
    Set<Asset> lost = losses.stream().map(Loss::asset).collect(Collectors.toSet());
    for (Flow flow : facts.flows()) {
      boolean part = flow.from().equals(account) || flow.to().equals(account);
      if (part && lost.contains(flow.asset()) && evidence.flows.size() < MAX_FLOWS) {
        evidence.flows.add(flow);
        evidence.and(facts.operation(flow.frame())).and(flow.frame());
      }
    }
    return evidence;
  }

  /** With the frame of this index. */
  public Evidence and(int frame) {
    frames.add(frame);
    return this;
  }

  /** The explanation with these frames and flows. */
  public Explanation explain(String summary, List<String> assumptions) {
    return new Explanation(summary, frames.stream().sorted().toList(), flows, assumptions);
  }
}
