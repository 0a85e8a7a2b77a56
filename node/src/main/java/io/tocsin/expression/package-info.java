/**
 * Conditions that members write: typed, compiled when they are loaded, bounded in cost whatever the
 * input. A condition answers yes, no, or why it could not say; it never throws.
 */
@NullMarked
package io.tocsin.expression;

import org.jspecify.annotations.NullMarked;
