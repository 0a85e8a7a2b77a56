/** The door and the exchange, on stores in memory and over a network whose faults are drawn. */
@NullMarked
package io.tocsin.gossip;

import org.jspecify.annotations.NullMarked;
