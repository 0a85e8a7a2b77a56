/**
 * What STIX 2.1 asks of every object: identifiers, timestamps, text in patterns. No network.
 *
 * @see <a href="https://docs.oasis-open.org/cti/stix/v2.1/os/stix-v2.1-os.html">STIX 2.1</a>
 */
@NullMarked
package io.tocsin.stix;

import org.jspecify.annotations.NullMarked;
