/**
 * Results as pages for people: each one file that loads nothing, runs nothing, and encodes every
 * text from outside.
 */
@NullMarked
package io.tocsin.app.report;

import org.jspecify.annotations.NullMarked;
