@NullMarked
package io.tocsin.adapter.keys;

import org.jspecify.annotations.NullMarked;
