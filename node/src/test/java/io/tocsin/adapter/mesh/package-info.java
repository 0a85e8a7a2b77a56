/** The mesh with real connections over loopback. */
@NullMarked
package io.tocsin.adapter.mesh;

import org.jspecify.annotations.NullMarked;
