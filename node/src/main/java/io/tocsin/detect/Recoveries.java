package io.tocsin.detect;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.chain.CallFrame;
import io.tocsin.chain.TxTrace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Signatures that contracts had checked: calls of the precompiled contract that recovers signers.
 */
public final class Recoveries {
  private static final Address PRECOMPILE =
      Address.hex("0x0000000000000000000000000000000000000001");
  private static final int INPUT = 4 * 32;

  /**
   * One check.
   *
   * @param by the contract that has it checked
   * @param words what was signed, and the signature
   * @param signer whom the signature belongs to; nobody if it is none
   */
  public record Recovery(int frame, Address by, Bytes words, Optional<Address> signer) {}

  private Recoveries() {}

  /** The checks in {@code trace}, in order; none where the source records no precompiled calls. */
  public static List<Recovery> of(TxTrace trace) {
    List<Recovery> all = new ArrayList<>();
    for (CallFrame frame : trace.frames()) {
      if (frame.to().equals(PRECOMPILE) && !frame.failed() && frame.input().size() == INPUT) {
        Optional<Address> signer =
            Optional.of(frame.output())
                .filter(out -> out.size() == 32)
                .map(out -> new Address(out.slice(12, 32)))
                .filter(a -> !a.equals(Address.ZERO));
        all.add(new Recovery(frame.index(), frame.from(), frame.input(), signer));
      }
    }
    return all;
  }
}
