/**
 * The last gate before the only outward effect. The interlock is a pure, total transition function
 * over what was done before: it spends budgets and hands out permits; a responder executes a permit
 * and nothing else.
 */
@NullMarked
package io.tocsin.respond;

import org.jspecify.annotations.NullMarked;
