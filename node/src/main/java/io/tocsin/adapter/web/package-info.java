/**
 * What an operator's tools read over HTTP on loopback: liveness, readiness and Prometheus metrics.
 * Readers only; the flow never calls them.
 */
@NullMarked
package io.tocsin.adapter.web;

import org.jspecify.annotations.NullMarked;
