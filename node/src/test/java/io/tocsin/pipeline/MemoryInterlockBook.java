package io.tocsin.pipeline;

import io.tocsin.respond.InterlockBook;
import io.tocsin.respond.InterlockState;

/** The interlock's state in memory. */
final class MemoryInterlockBook implements InterlockBook {
  private InterlockState state = InterlockState.EMPTY;

  @Override
  public InterlockState load() {
    return state;
  }

  @Override
  public void save(InterlockState next) {
    state = next;
  }
}
