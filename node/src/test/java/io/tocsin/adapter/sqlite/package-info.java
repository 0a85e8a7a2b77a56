/** Stores over real databases. */
@NullMarked
package io.tocsin.adapter.sqlite;

import org.jspecify.annotations.NullMarked;
