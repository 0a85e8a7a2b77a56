/**
 * One detector a file, each with its metadata. None carries an address, a hash or the name of an
 * incident: what they know is the public interfaces of tokens, pools and lenders.
 */
@NullMarked
package io.tocsin.detect.rules;

import org.jspecify.annotations.NullMarked;
