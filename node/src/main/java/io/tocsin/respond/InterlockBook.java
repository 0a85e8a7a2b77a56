package io.tocsin.respond;

/** Keeps the interlock's state across restarts. */
public interface InterlockBook {
  /** The state saved last; {@link InterlockState#EMPTY} if none was. */
  InterlockState load();

  /** Saves {@code state}; it is durable when this returns. */
  void save(InterlockState state);
}
