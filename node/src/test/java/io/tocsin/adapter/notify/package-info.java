@NullMarked
package io.tocsin.adapter.notify;

import org.jspecify.annotations.NullMarked;
