@NullMarked
package io.tocsin.detect.explain;

import org.jspecify.annotations.NullMarked;
