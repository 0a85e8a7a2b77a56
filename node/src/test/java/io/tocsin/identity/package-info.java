@NullMarked
package io.tocsin.identity;

import org.jspecify.annotations.NullMarked;
