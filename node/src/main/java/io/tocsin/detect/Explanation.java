package io.tocsin.detect;

import java.util.List;

/**
 * Why a finding was made: one sentence, the indices of the frames that prove it, the flows that
 * matter, and what had to be assumed. Holds no text from the chain.
 */
public record Explanation(
    String summary, List<Integer> frames, List<Flow> flows, List<String> assumptions) {
  public Explanation {
    frames = List.copyOf(frames);
    flows = List.copyOf(flows);
    assumptions = List.copyOf(assumptions);
  }
}
