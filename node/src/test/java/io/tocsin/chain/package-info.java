@NullMarked
package io.tocsin.chain;

import org.jspecify.annotations.NullMarked;
