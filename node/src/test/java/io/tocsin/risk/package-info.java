/** Tests of the package. */
@NullMarked
package io.tocsin.risk;

import org.jspecify.annotations.NullMarked;
