@NullMarked
package io.tocsin.crypto;

import org.jspecify.annotations.NullMarked;
