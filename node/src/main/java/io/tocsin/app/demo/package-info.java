/**
 * The demonstration world and its five acts.
 *
 * <p>A {@link io.tocsin.app.demo.LockstepChain} is one chain run as two anvils with equal blocks;
 * its {@link io.tocsin.app.demo.BlockBuilder} is the only thing that makes blocks, and an {@link
 * io.tocsin.app.demo.EndpointFront} before each anvil is what a member's node connects to. Into
 * this world real contracts are deployed from the bytecode their authors publish on npm: an Aave v3
 * market and a Uniswap v2 pair; and with them three sister lenders of our own with one weakness,
 * the price of that pair. {@link io.tocsin.app.demo.PikeIncident} adds contract code and state
 * captured from mainnet.
 *
 * <p>Nothing here is used by a member's node: it stands for everything outside.
 */
@NullMarked
package io.tocsin.app.demo;

import org.jspecify.annotations.NullMarked;
