/** Tests of the STIX forms. */
@NullMarked
package io.tocsin.stix;

import org.jspecify.annotations.NullMarked;
