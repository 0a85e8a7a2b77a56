@NullMarked
package io.tocsin.adapter.web;

import org.jspecify.annotations.NullMarked;
