/** Rules that hold across packages. */
@NullMarked
package io.tocsin;

import org.jspecify.annotations.NullMarked;
