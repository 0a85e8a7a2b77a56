@NullMarked
package io.tocsin.detect;

import org.jspecify.annotations.NullMarked;
