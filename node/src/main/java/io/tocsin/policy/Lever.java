package io.tocsin.policy;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import java.util.List;

/**
 * What a mandate may pull: one call that pauses a target, and the call that undoes it.
 *
 * @param safe the Safe that makes the call, zero if the guardian does
 * @param rung how hard it bites, from 1, the softest
 * @param blocks what users cannot do any more while it is pulled, such as {@code repay}
 */
public record Lever(
    String name, Address target, Address safe, Calls calls, int rung, List<String> blocks) {
  public Lever {
    blocks = List.copyOf(blocks);
    if (rung < 1) {
      throw new IllegalArgumentException("the softest rung is 1, not " + rung);
    }
  }

  /**
   * The bytes called.
   *
   * @param call pauses the target
   * @param release undoes it
   */
  public record Calls(Bytes call, Bytes release, Probe probe) {
    public Calls {
      if (call.size() < 4 || release.size() < 4) {
        throw new IllegalArgumentException("a call starts with a selector of four bytes");
      }
    }
  }

  /**
   * A static call that tells whether the target is paused: the first word returned, masked, equals
   * {@code expected}.
   */
  public record Probe(Address account, Bytes call, Hash32 mask, Hash32 expected) {
    public Probe {
      if (mask.isZero()) {
        throw new IllegalArgumentException("the mask of a probe is not zero");
      }
      for (int i = 0; i < 32; i++) {
        if ((expected.bytes().at(i) & ~mask.bytes().at(i)) != 0) {
          throw new IllegalArgumentException("the expected word has bits outside the mask");
        }
      }
    }
  }
}
