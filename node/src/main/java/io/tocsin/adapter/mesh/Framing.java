package io.tocsin.adapter.mesh;

import io.tocsin.base.Bytes;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;

/**
 * A frame on the wire: four bytes of length, one of kind, then the body; the length counts kind and
 * body.
 */
final class Framing {
  static final int HELLO = 0;
  static final int MESSAGE = 1;
  static final int PING = 2;
  static final int PONG = 3;

  private Framing() {}

  /** A frame of known length. */
  record Incoming(int kind, Bytes body) {}

  /** A frame announced more bytes than are allowed. */
  static final class TooLongException extends IOException {
    private static final long serialVersionUID = 1L;

    TooLongException(int length) {
      super("a frame of " + Integer.toUnsignedString(length) + " bytes");
    }
  }

  static void write(DataOutputStream out, int kind, Bytes body) throws IOException {
    out.writeInt(body.size() + 1);
    out.writeByte(kind);
    out.write(body.toArray());
  }

  /** Waits for the first byte of a frame. */
  static int begin(DataInputStream in) throws IOException {
    int first = in.read();
    if (first < 0) {
      throw new EOFException("closed by the peer");
    }
    return first;
  }

  /** Reads the rest of a frame whose first byte was {@code first}. */
  static Incoming finish(DataInputStream in, int first, int maxBody) throws IOException {
    int length =
        first << 24
            | in.readUnsignedByte() << 16
            | in.readUnsignedByte() << 8
            | in.readUnsignedByte();
    if (length < 1 || length - 1 > maxBody) {
      throw new TooLongException(length);
    }
    int kind = in.readUnsignedByte();
    byte[] body = in.readNBytes(length - 1);
    if (body.length != length - 1) {
      throw new EOFException("closed by the peer within a frame");
    }
    return new Incoming(kind, Bytes.of(body));
  }
}
