@NullMarked
package io.tocsin.claim;

import org.jspecify.annotations.NullMarked;
