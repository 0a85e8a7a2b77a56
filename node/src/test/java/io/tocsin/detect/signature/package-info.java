@NullMarked
package io.tocsin.detect.signature;

import org.jspecify.annotations.NullMarked;
