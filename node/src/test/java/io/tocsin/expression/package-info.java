/** Tests of conditions. */
@NullMarked
package io.tocsin.expression;

import org.jspecify.annotations.NullMarked;
