/** Tests of the package. */
@NullMarked
package io.tocsin.policy;

import org.jspecify.annotations.NullMarked;
