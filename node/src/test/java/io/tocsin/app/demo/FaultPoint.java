package io.tocsin.app.demo;

import org.jspecify.annotations.Nullable;

/**
 * A place in the node's own code at which a test lets its process die: on entry to a method or
 * right before it returns, when its first argument says what is written here. What is kept, spent
 * or on record there was handed to the writer, which may or may not have it on the disk when the
 * process dies; {@link #WRITES_BEFORE_THEY_ARE_ON_THE_DISK} and the points behind it stand at the
 * disk itself.
 */
enum FaultPoint {
  STAGE_SEEN("pipeline/Timeline", "reached", false, "SEEN"),
  STAGE_SIMULATED("pipeline/Timeline", "reached", false, "SIMULATED"),
  STAGE_DETECTED("pipeline/Timeline", "reached", false, "DETECTED"),
  REPORT_KEPT("gossip/Admission", "seal", false, "name=report,"),
  STAGE_SIGNED("pipeline/Timeline", "reached", false, "SIGNED"),
  MAIL_KEPT("adapter/sqlite/SqliteEnvelopeStore", "append", false, ""),
  DELIVERY_NOTED("adapter/sqlite/SqliteEnvelopeStore", "delivered", false, "="),
  STAGE_ADMITTED("pipeline/Timeline", "reached", false, "ADMITTED"),
  VERDICT_BEFORE_IT_IS_KEPT("adapter/sqlite/SqliteVerdictBook", "record", true, ""),
  VERDICT_KEPT("adapter/sqlite/SqliteVerdictBook", "record", false, ""),
  ATTESTATION_KEPT("gossip/Admission", "seal", false, "name=attestation,"),
  STAGE_ATTESTED("pipeline/Timeline", "reached", false, "ATTESTED"),
  STAGE_CERTIFIED("pipeline/Timeline", "reached", false, "CERTIFIED"),
  CERTIFICATE_KEPT("gossip/Admission", "seal", false, "name=certificate,"),
  CERTIFICATE_POSTED("gossip/Exchange", "post", false, "name=certificate,"),
  STAGE_DECIDED("pipeline/Timeline", "reached", false, "DECIDED"),
  PERMIT_BEFORE_IT_IS_SPENT("adapter/sqlite/SqliteInterlockBook", "save", true, ""),
  PERMIT_SPENT("adapter/sqlite/SqliteInterlockBook", "save", false, ""),
  INTENT_BEFORE_IT_IS_ON_RECORD("pipeline/Records", "intended", true, ""),
  INTENT_ON_RECORD("pipeline/Records", "intended", false, ""),
  ACTION_SIMULATED("pipeline/Records", "simulated", false, ""),
  HASH_KEPT("adapter/sqlite/SqliteSentBook", "record", false, ""),
  STAGE_SENT("pipeline/Timeline", "reached", false, "SENT"),
  OUTCOME_BEFORE_IT_IS_ON_RECORD("pipeline/Records", "acted", true, ""),
  STAGE_INCLUDED("pipeline/Timeline", "reached", false, "INCLUDED"),
  OUTCOME_ON_RECORD("pipeline/Records", "acted", false, ""),
  PERMIT_SETTLED("respond/Gate", "settled", false, ""),
  STEPS_BEFORE_THEY_ARE_ON_RECORD("adapter/sqlite/SqliteAuditStore", "append", true, ""),
  STEPS_ON_RECORD("adapter/sqlite/SqliteAuditStore", "append", false, ""),
  BLOCK_BEFORE_IT_IS_ACKNOWLEDGED("adapter/sqlite/SqliteCursor", "advance", true, ""),
  BLOCK_ACKNOWLEDGED("adapter/sqlite/SqliteCursor", "advance", false, ""),
  WRITES_BEFORE_THEY_ARE_ON_THE_DISK("adapter/sqlite/Writer", "commit", true, ""),
  WRITES_ON_THE_DISK("adapter/sqlite/Writer", "commit", false, ""),
  MAIL_ON_THE_DISK_BEFORE_IT_IS_SENT("gossip/Outbox", "sendUpTo", true, ""),
  MAIL_SENT("gossip/Outbox", "sendUpTo", false, "");

  private static final String ROOT = "io/tocsin/";

  private final String owner;
  private final String method;
  private final boolean entry;
  private final String argument;

  FaultPoint(String owner, String method, boolean entry, String argument) {
    this.owner = ROOT + owner;
    this.method = method;
    this.entry = entry;
    this.argument = argument;
  }

  /** What a method of {@code owner} calls itself by on entry or return. */
  static String place(String owner, String method, boolean entry) {
    return owner + "." + method + (entry ? " begins" : " ends");
  }

  /** The class that has it, by its internal name. */
  String owner() {
    return owner;
  }

  /** The method that has it. */
  String method() {
    return method;
  }

  /** Whether the process, at {@code place} with this first argument, is here. */
  boolean isAt(String place, @Nullable Object first) {
    return place.equals(place(owner, method, entry)) && String.valueOf(first).contains(argument);
  }
}
