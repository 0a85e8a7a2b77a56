/** Load runs in the demonstration's world: they build its chains, guardians and members. */
@NullMarked
package io.tocsin.app.demo;

import org.jspecify.annotations.NullMarked;
