package io.tocsin.chain;

import io.tocsin.base.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Version 1 of the rules that make deployments of one source equal.
 *
 * <ol>
 *   <li>A CBOR trailer is cut off: its last two bytes are its length, it parses as one map of at
 *       most eight entries that fills this length, and it has a key that compilers write. Hashes of
 *       such metadata inside the code (contracts that create others) are zeroed.
 *   <li>The operand of PUSH20 is zeroed unless all its bytes are 0xff: these are linked libraries,
 *       a library's own address, and addresses written as constants.
 *   <li>The operand of PUSH32 is zeroed if its first byte is zero: compilers push constants in the
 *       shortest form, so that such an operand can only be a filled-in immutable.
 *   <li>The operand of PUSH32 is zeroed if it looks like a hash or a packed string: its last byte
 *       is not zero and it has more than four distinct byte values. Cached domain separators are
 *       such; event topics too, so that code which differs in event names only is equal.
 * </ol>
 *
 * <p>Opcodes, selectors (PUSH4), masks, left-aligned text and constants shorter than 20 bytes stay.
 * Vyper appends immutables to the code as data; these stay and make deployments differ.
 */
final class CodeMask {
  static final Bytes TAG = Bytes.utf8("tocsin code mask 1\n");

  private static final int PUSH1 = 0x60;
  private static final int PUSH20 = 0x73;
  private static final int PUSH32 = 0x7f;
  private static final byte[][] INNER = {
    {0x64, 'i', 'p', 'f', 's', 0x58, 0x22, 0x12, 0x20},
    {0x65, 'b', 'z', 'z', 'r', '0', 0x58, 0x20},
    {0x65, 'b', 'z', 'z', 'r', '1', 0x58, 0x20}
  };

  private CodeMask() {}

  /** The code without its metadata, immutables zeroed. */
  static Bytes mask(Bytes runtimeCode) {
    byte[] code = runtimeCode.toArray();
    code = Arrays.copyOf(code, code.length - trailer(code));
    zeroInnerMetadata(code);
    for (int at = 0; at < code.length; at = next(code, at)) {
      int opcode = code[at] & 0xff;
      int from = at + 1;
      int to = next(code, at);
      if (to > code.length) {
        break;
      }
      if ((opcode == PUSH20 && !allOnes(code, from, to))
          || (opcode == PUSH32 && immutable(code, from, to))) {
        Arrays.fill(code, from, to, (byte) 0);
      }
    }
    return Bytes.of(code);
  }

  /** The index of the instruction behind the one at {@code at}. */
  static int next(byte[] code, int at) {
    int opcode = code[at] & 0xff;
    return opcode >= PUSH1 && opcode <= PUSH32 ? at + 2 + opcode - PUSH1 : at + 1;
  }

  private static boolean allOnes(byte[] code, int from, int to) {
    for (int i = from; i < to; i++) {
      if (code[i] != -1) {
        return false;
      }
    }
    return true;
  }

  private static boolean immutable(byte[] code, int from, int to) {
    if (code[from] == 0) {
      return true;
    }
    BitSet distinct = new BitSet(256);
    for (int i = from; i < to; i++) {
      distinct.set(code[i] & 0xff);
    }
    return code[to - 1] != 0 && distinct.cardinality() > 4;
  }

  private static void zeroInnerMetadata(byte[] code) {
    for (byte[] prefix : INNER) {
      for (int at = 0; at + prefix.length + 32 <= code.length; at++) {
        if (code[at] == prefix[0]
            && Arrays.equals(code, at, at + prefix.length, prefix, 0, prefix.length)) {
          Arrays.fill(code, at + prefix.length, at + prefix.length + 32, (byte) 0);
        }
      }
    }
  }

  /** The length of the metadata at the end of {@code code}, its two length bytes included. */
  static int trailer(byte[] code) {
    if (code.length < 4) {
      return 0;
    }
    int length = ((code[code.length - 2] & 0xff) << 8) | (code[code.length - 1] & 0xff);
    int from = code.length - 2 - length;
    if (length < 6 || from < 0) {
      return 0;
    }
    Cbor cbor = new Cbor(code, from, code.length - 2);
    return cbor.isCompilerMap() ? length + 2 : 0;
  }

  /** Just enough of CBOR (RFC 8949) to tell a compiler's metadata from code. */
  private static final class Cbor {
    private final byte[] code;
    private final int end;
    private int at;

    Cbor(byte[] code, int from, int end) {
      this.code = code;
      this.at = from;
      this.end = end;
    }

    boolean isCompilerMap() {
      int entries = (code[at] & 0xff) - 0xa0;
      if (entries < 1 || entries > 8) {
        return false;
      }
      at++;
      boolean known = false;
      for (int i = 0; i < entries; i++) {
        String key = text();
        known |=
            switch (key) {
              case "ipfs", "bzzr0", "bzzr1", "solc", "vyper" -> true;
              default -> false;
            };
        if (key.isEmpty() || !skip(0)) {
          return false;
        }
      }
      return known && at == end;
    }

    private String text() {
      if (at >= end || (code[at] & 0xe0) != 0x60) {
        return "";
      }
      int length = code[at] & 0x1f;
      if (length > 23 || at + 1 + length > end) {
        return "";
      }
      String text = new String(code, at + 1, length, StandardCharsets.US_ASCII);
      at += 1 + length;
      return text;
    }

    private boolean skip(int depth) {
      if (at >= end || depth > 2) {
        return false;
      }
      int major = (code[at] & 0xff) >> 5;
      int count = code[at] & 0x1f;
      at++;
      if (count == 24 && at < end) {
        count = code[at++] & 0xff;
      } else if (count > 24) {
        return false;
      }
      switch (major) {
        case 2, 3 -> at += count;
        case 4 -> {
          for (int i = 0; i < count; i++) {
            if (!skip(depth + 1)) {
              return false;
            }
          }
        }
        case 0, 7 -> {}
        default -> {
          return false;
        }
      }
      return at <= end;
    }
  }
}
