package io.tocsin.pipeline;

import io.tocsin.base.Hash32;
import java.util.List;

/** Where drills are asked for by this node's owner. Thread-safe. */
public interface DrillBook {
  /** The drills asked for and not begun yet. */
  List<Hash32> asked();

  /** Strikes one out. */
  void taken(Hash32 drill);
}
