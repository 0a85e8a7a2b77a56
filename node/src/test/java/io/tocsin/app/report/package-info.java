@NullMarked
package io.tocsin.app.report;

import org.jspecify.annotations.NullMarked;
