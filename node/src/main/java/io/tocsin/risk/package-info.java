/** What is at stake: the priced balance of an exposed contract, or why it is unknown. */
@NullMarked
package io.tocsin.risk;

import org.jspecify.annotations.NullMarked;
