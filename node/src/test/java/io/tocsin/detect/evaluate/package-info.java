@NullMarked
package io.tocsin.detect.evaluate;

import org.jspecify.annotations.NullMarked;
