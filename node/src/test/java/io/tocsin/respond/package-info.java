/** Tests of the package. */
@NullMarked
package io.tocsin.respond;

import org.jspecify.annotations.NullMarked;
