/**
 * Calls people outside: one webhook a receiver, tried until it answers. The flow hands a call over
 * and goes on.
 */
@NullMarked
package io.tocsin.adapter.notify;

import org.jspecify.annotations.NullMarked;
