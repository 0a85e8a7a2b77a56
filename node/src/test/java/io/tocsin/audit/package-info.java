@NullMarked
package io.tocsin.audit;

import org.jspecify.annotations.NullMarked;
