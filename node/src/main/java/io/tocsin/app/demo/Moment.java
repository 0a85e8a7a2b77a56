package io.tocsin.app.demo;

import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.pipeline.Stage;

/**
 * A stage that a node reached.
 *
 * @param tx the attack that it is about
 * @param nanos of the clock of {@link System#nanoTime}
 */
record Moment(Stage stage, String node, ChainId chain, Hash32 tx, long nanos) {}
