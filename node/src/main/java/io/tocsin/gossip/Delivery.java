package io.tocsin.gossip;

import io.tocsin.base.Address;

/** An envelope in the log whose message is to be handed to its listener. */
record Delivery(Address author, long sequence, Candidate.Reading reading) {}
