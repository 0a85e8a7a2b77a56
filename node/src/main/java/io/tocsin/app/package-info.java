/** The composition root: configuration, the node that wires everything, and one class a command. */
@NullMarked
package io.tocsin.app;

import org.jspecify.annotations.NullMarked;
