/** Tests of the package. */
@NullMarked
package io.tocsin.exposure;

import org.jspecify.annotations.NullMarked;
