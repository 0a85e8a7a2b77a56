@NullMarked
package io.tocsin.base;

import org.jspecify.annotations.NullMarked;
