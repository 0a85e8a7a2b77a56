/** One JMH class per hot path, named after it. */
@NullMarked
package io.tocsin.bench;

import org.jspecify.annotations.NullMarked;
