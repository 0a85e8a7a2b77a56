package io.tocsin.audit;

import io.tocsin.base.AccountId;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What happened at one hop of the flow, in plain data that a later version can still read. What a
 * decision rested on is kept whole, as the JSON of {@link RecordJson}.
 */
public sealed interface Step {
  /**
   * Whether the entry, and all before it, must be durable before its writer goes on: what became of
   * an effect on the world. What was intended is durable before the effect too, since a responder
   * writes down what it sends, behind it and waiting for the disk.
   */
  default boolean mustLast() {
    return this instanceof Acted;
  }

  /**
   * Whether it is about an effect on the world, so that others are soon told how far the log is.
   */
  default boolean effect() {
    return this instanceof Intended || this instanceof Acted;
  }

  /** The node started: which version, for whom, and under which mandates, roster and settings. */
  record Opened(String version, Hash32 federation, Address member, List<Document> documents)
      implements Step {
    public Opened {
      documents = List.copyOf(documents);
    }
  }

  /** The node took in a roster or a revocation while it ran; this is what its file then holds. */
  record Federated(Document federation) implements Step {}

  /** A configuration text as it was read. */
  record Document(String name, String text) {}

  /**
   * A transaction was seen on a chain.
   *
   * @param block number of its block, empty while pending
   * @param operators who agreed on block and trace; empty when agreement was lacking
   * @param note why agreement was lacking, or empty
   */
  record Seen(
      ChainId chain,
      Hash32 tx,
      Optional<Long> block,
      int frames,
      List<String> operators,
      String note)
      implements Step {
    public Seen {
      operators = List.copyOf(operators);
    }
  }

  /**
   * A transaction was looked at by the detectors.
   *
   * @param outcome clean, found or not-analysed
   * @param note why it was not analysed, or empty
   */
  record Scanned(ChainId chain, Hash32 tx, String outcome, List<Suspicion> findings, String note)
      implements Step {
    public Scanned {
      findings = List.copyOf(findings);
    }
  }

  /** A finding: which detector saw what happen to whom. */
  record Suspicion(String detector, String severity, Address subject, String summary) {}

  /** A claim of our own was written and published. */
  record Reported(Hash32 claim, String kind, ChainId chain, Hash32 tx, Address subject)
      implements Step {}

  /** A member's message, or our own coming back, was let in. */
  record Admitted(String topic, Address author, long sequence, Hash32 envelope) implements Step {}

  /**
   * A claim was judged.
   *
   * @param opinion confirm, refute, abstain or wait; only the first two were signed
   */
  record Attested(Hash32 claim, long epoch, String opinion, String reason) implements Step {}

  /** A quorum certificate was formed or received; {@code certificate} is its wire form. */
  record Certified(Hash32 claim, long epoch, List<Address> signers, Bytes certificate)
      implements Step {
    public Certified {
      signers = List.copyOf(signers);
    }
  }

  /** A claim concerns one of our contracts: why, and which conditions of acting failed. */
  record Exposed(
      Hash32 claim, AccountId contract, String kind, List<String> path, List<String> failed)
      implements Step {
    public Exposed {
      path = List.copyOf(path);
      failed = List.copyOf(failed);
    }
  }

  /** What is at stake for a contract was weighed. */
  record Estimated(Hash32 claim, AccountId contract, String kind, String estimate)
      implements Step {}

  /** A mandate was applied; {@code inputs} are all that the decision depends on. */
  record Decided(Hash32 claim, String mandate, JsonNode inputs, JsonNode decision)
      implements Step {}

  /** No mandate serves what happened; {@code inputs} are all that the decision depends on. */
  record Unserved(Hash32 claim, AccountId contract, JsonNode inputs, JsonNode decision)
      implements Step {}

  /** The interlock ruled on an action; {@code inputs} are all that the ruling depends on. */
  record Ruled(Hash32 claim, String mandate, JsonNode inputs, JsonNode ruling) implements Step {}

  /** A permit is about to be carried out. Its digest is the key against doing it twice. */
  record Intended(Hash32 permit, Hash32 claim, AccountId guardian, JsonNode action)
      implements Step {}

  /**
   * What a permit would do was tried before anything was sent.
   *
   * @param evidence what the simulation said
   */
  record Simulated(Hash32 permit, JsonNode evidence) implements Step {}

  /**
   * A permit was carried out, refused, or its outcome is not yet known.
   *
   * @param outcome done, refused or unknown
   * @param evidence the simulation before sending and the receipt after it
   */
  record Acted(Hash32 permit, String outcome, String detail, JsonNode evidence) implements Step {}

  /**
   * The owner told the interlock something.
   *
   * @param order approve, let-go or hold
   * @param subject the permit, or the guardian and its mandate
   * @param note the owner's reason, or why the order was not carried out; or empty
   */
  record Ordered(String order, String subject, String note) implements Step {}

  /** Blocks that were seen are no longer part of the chain. */
  record Reorged(ChainId chain, List<Hash32> removed, Hash32 head) implements Step {
    public Reorged {
      removed = List.copyOf(removed);
    }
  }

  /**
   * A claim was voided by an all-clear.
   *
   * @param block the canonical block in the place of the claimed one
   * @param permits what was done because of the claim and is in force
   */
  record Withdrawn(Hash32 claim, ChainId chain, Hash32 block, List<Hash32> permits)
      implements Step {
    public Withdrawn {
      permits = List.copyOf(permits);
    }
  }

  /** The owner made the pause of a permit his own, as the chain shows. */
  record Ratified(Hash32 permit) implements Step {}

  /**
   * A drill that this node sent is over, or was refused.
   *
   * @param refusal why none was sent, or empty
   * @param answers of every member called
   * @param quorum how long it took until more than two thirds of the weight had answered
   */
  record Drilled(Hash32 drill, String refusal, List<Answered> answers, Optional<Duration> quorum)
      implements Step {
    public Drilled {
      answers = List.copyOf(answers);
    }
  }

  /**
   * How a member answered a drill.
   *
   * @param after how long after it was sent; empty if it did not answer
   */
  record Answered(Address member, String operator, long weight, Optional<Duration> after) {}

  /** A member's drill was answered, and what the own mandates would come to was tried. */
  record Rehearsed(Hash32 drill, Address author, List<Tried> tried) implements Step {
    public Rehearsed {
      tried = List.copyOf(tried);
    }
  }

  /**
   * A pause that was tried by a call and not sent.
   *
   * @param fault why it would fail, or empty
   */
  record Tried(AccountId guardian, String mandate, String fault) {}

  /** Something the node depends on failed. */
  record Trouble(String where, String kind, String detail) implements Step {}

  /** Bodies of earlier entries were erased. */
  record Erased(List<Long> sequences, String reason) implements Step {
    public Erased {
      sequences = List.copyOf(sequences);
    }
  }
}
