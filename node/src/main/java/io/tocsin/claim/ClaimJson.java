package io.tocsin.claim;

import io.tocsin.base.Bytes;
import io.tocsin.base.CanonicalJson;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.JsonFields;
import io.tocsin.base.MalformedException;
import io.tocsin.claim.Claim.AllClear;
import io.tocsin.claim.Claim.BlockStamp;
import io.tocsin.claim.Claim.ExploitMined;
import io.tocsin.claim.Claim.ExploitPending;
import io.tocsin.claim.Claim.RosterChanged;
import io.tocsin.claim.Claim.Subject;
import io.tocsin.claim.Claim.Turn;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A claim as JSON: {@code kind} and the fields of its EIP-712 struct by name, hashes and addresses
 * as hex, numbers as integers below 2^53.
 */
public final class ClaimJson {
  private static final List<String> MINED =
      List.of("kind", "chain", "tx", "block", "blockTime", "subject", "subjectCode");
  private static final List<String> PENDING =
      List.of(
          "kind", "chain", "tx", "sender", "nonce", "head", "headTime", "subject", "subjectCode");
  private static final List<String> ALL_CLEAR = List.of("kind", "claimId", "chain", "block");
  private static final List<String> ROSTER = List.of("kind", "epoch", "rosterHash");

  private ClaimJson() {}

  /** The JSON object of {@code claim}. */
  public static ObjectNode write(Claim claim) {
    ObjectNode out = Json.object().put("kind", claim.kind().text());
    switch (claim) {
      case ExploitMined c -> {
        out.put("chain", c.chain().toString()).put("tx", c.tx().toString());
        stamp(out, "block", c.block());
        subject(out, c.subject());
      }
      case ExploitPending c -> {
        out.put("chain", c.chain().toString()).put("tx", c.tx().toString());
        out.put("sender", c.turn().sender().toString()).put("nonce", c.turn().nonce());
        stamp(out, "head", c.head());
        subject(out, c.subject());
      }
      case AllClear c ->
          out.put("claimId", c.claimId().toString())
              .put("chain", c.chain().toString())
              .put("block", c.block().toString());
      case RosterChanged c ->
          out.put("epoch", c.epoch()).put("rosterHash", c.rosterHash().toString());
    }
    return out;
  }

  private static void stamp(ObjectNode out, String field, BlockStamp stamp) {
    out.put(field, stamp.hash().toString()).put(field + "Time", stamp.time().getEpochSecond());
  }

  private static void subject(ObjectNode out, Subject subject) {
    out.put("subject", subject.address().toString()).put("subjectCode", subject.code().toString());
  }

  /** The canonical bytes (RFC 8785). */
  public static Bytes canonical(Claim claim) {
    return CanonicalJson.write(write(claim));
  }

  /**
   * Reads the JSON object of a claim.
   *
   * @throws MalformedException naming the field that is wrong, missing or unknown
   */
  public static Claim read(JsonNode node) throws MalformedException {
    if (!node.isObject()) {
      throw new MalformedException("claim: expected an object");
    }
    String word = new JsonFields(node, "claim").text("kind", 32);
    ClaimKind kind =
        ClaimKind.ofText(word)
            .orElseThrow(() -> new MalformedException("claim.kind: unknown kind of claim"));
    return switch (kind) {
      case EXPLOIT_MINED -> {
        JsonFields in = JsonFields.of(node, "claim", MINED);
        yield new ExploitMined(chain(in), in.hash("tx"), stamp(in, "block"), subject(in));
      }
      case EXPLOIT_PENDING -> {
        JsonFields in = JsonFields.of(node, "claim", PENDING);
        Turn turn = new Turn(in.address("sender"), in.number("nonce"));
        yield new ExploitPending(chain(in), in.hash("tx"), turn, stamp(in, "head"), subject(in));
      }
      case ALL_CLEAR -> {
        JsonFields in = JsonFields.of(node, "claim", ALL_CLEAR);
        yield new AllClear(in.hash("claimId"), chain(in), in.hash("block"));
      }
      case ROSTER_CHANGED -> {
        JsonFields in = JsonFields.of(node, "claim", ROSTER);
        long epoch = in.number("epoch");
        if (epoch < 1) {
          throw in.fault("epoch", "starts at 1");
        }
        yield new RosterChanged(epoch, in.hash("rosterHash"));
      }
    };
  }

  private static ChainId chain(JsonFields in) throws MalformedException {
    try {
      return ChainId.parse(in.text("chain", 41));
    } catch (MalformedException e) {
      throw in.fault("chain", String.valueOf(e.getMessage()));
    }
  }

  private static BlockStamp stamp(JsonFields in, String field) throws MalformedException {
    Hash32 hash = in.hash(field);
    long seconds = in.number(field + "Time");
    if (seconds > ClaimWire.MAX_SECONDS) {
      throw in.fault(field + "Time", "after the year 9999");
    }
    return new BlockStamp(hash, Instant.ofEpochSecond(seconds));
  }

  private static Subject subject(JsonFields in) throws MalformedException {
    return new Subject(in.address("subject"), in.hash("subjectCode"));
  }
}
