package io.tocsin.adapter.files;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that fails when it gives more than so many bytes, which a packed file may hide. */
final class Limited extends FilterInputStream {
  private final long most;
  private long given;

  Limited(InputStream in, long most) {
    super(in);
    this.most = most;
  }

  @Override
  public int read() throws IOException {
    int one = super.read();
    count(one < 0 ? 0 : 1);
    return one;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    int some = super.read(into, from, length);
    count(Math.max(some, 0));
    return some;
  }

  private void count(int more) throws IOException {
    given += more;
    if (given > most) {
      throw new IOException("holds more than " + most + " bytes");
    }
  }
}
