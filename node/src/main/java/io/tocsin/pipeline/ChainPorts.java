package io.tocsin.pipeline;

import io.tocsin.chain.Canon;
import io.tocsin.chain.CodeView;
import io.tocsin.chain.PendingTrials;
import io.tocsin.chain.StateView;
import io.tocsin.chain.TraceSource;
import io.tocsin.exposure.CodeAge;

/** One chain as this node reaches it. */
public record ChainPorts(
    TraceSource source,
    StateView state,
    CodeView code,
    CodeAge age,
    PendingTrials trials,
    Canon canon) {}
