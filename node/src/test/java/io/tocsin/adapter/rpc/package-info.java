@NullMarked
package io.tocsin.adapter.rpc;

import org.jspecify.annotations.NullMarked;
