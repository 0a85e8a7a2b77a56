@NullMarked
package io.tocsin.adapter.contract;

import org.jspecify.annotations.NullMarked;
