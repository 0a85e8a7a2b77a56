/**
 * Files that people write: YAML read with the line and column of every value, so that all faults of
 * a file are reported together, each with its place and its remedy.
 */
@NullMarked
package io.tocsin.adapter.files;

import org.jspecify.annotations.NullMarked;
