package io.tocsin.respond;

/** Keeps the interlock's state across restarts. */
public interface InterlockBook {
  /** The state saved last; {@link InterlockState#EMPTY} if none was. */
  InterlockState load();

  /** Saves {@code state}; it is durable before anything that is written down after it. */
  void save(InterlockState state);
}
