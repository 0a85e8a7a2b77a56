@NullMarked
package io.tocsin.adapter.files;

import org.jspecify.annotations.NullMarked;
