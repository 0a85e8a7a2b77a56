@NullMarked
package io.tocsin.pipeline;

import org.jspecify.annotations.NullMarked;
