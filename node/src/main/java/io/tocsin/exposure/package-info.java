/**
 * What a member protects, what that depends on, and why a claim concerns it. The same address is
 * direct; everything else is derived, carries its path as text, and the outcome of every rule that
 * a derived exposure must pass before anyone acts on it. Facts come from this node's own eyes only.
 */
@NullMarked
package io.tocsin.exposure;

import org.jspecify.annotations.NullMarked;
