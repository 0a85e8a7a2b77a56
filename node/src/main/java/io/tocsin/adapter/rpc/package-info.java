/**
 * Nodes of EVM chains over JSON-RPC: one client for Unix sockets, WebSocket and HTTP, what each
 * endpoint can do, following a chain's head through restarts and reorganisations, and the agreement
 * of endpoints that must precede every action. Endpoints are suspects: what one of them says is
 * shown, what several operators say alike is acted upon.
 */
@NullMarked
package io.tocsin.adapter.rpc;

import org.jspecify.annotations.NullMarked;
