package io.tocsin.chain;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The state that a transaction changed, account by account. */
public record StateDiff(List<Change> changes) {
  public StateDiff {
    changes = List.copyOf(changes);
  }

  /**
   * One account before and after; what did not change is absent.
   *
   * @param slots the storage slots whose value changed
   */
  public record Change(
      Address account, Optional<Balance> balance, Map<Hash32, SlotChange> slots, boolean code) {
    public Change {
      slots = Map.copyOf(slots);
    }
  }

  /** A native balance in wei, before and after. */
  public record Balance(BigInteger before, BigInteger after) {}

  /** A storage word, before and after; zero where the slot was or became empty. */
  public record SlotChange(Hash32 before, Hash32 after) {}

  /**
   * Reads the answer of {@code prestateTracer} with {@code diffMode}.
   *
   * @throws MalformedException if it has another form
   */
  public static StateDiff parse(JsonNode root) throws MalformedException {
    JsonNode pre = root.get("pre");
    JsonNode post = root.get("post");
    if (pre == null || post == null || !pre.isObject() || !post.isObject()) {
      throw new MalformedException("expected a state diff with pre and post");
    }
    List<Change> changes = new ArrayList<>();
    for (var entry : post.properties()) {
      changes.add(change(entry.getKey(), pre.path(entry.getKey()), entry.getValue()));
    }
    for (var entry : pre.properties()) {
      if (!post.has(entry.getKey())) {
        changes.add(change(entry.getKey(), entry.getValue(), post.path(entry.getKey())));
      }
    }
    return new StateDiff(changes);
  }

  private static Change change(String account, JsonNode pre, JsonNode post)
      throws MalformedException {
    Optional<Balance> balance = Optional.empty();
    boolean gone = post.isMissingNode();
    if (post.has("balance") || (gone && pre.has("balance"))) {
      balance =
          Optional.of(
              new Balance(
                  pre.has("balance") ? TransactionJson.quantity(pre, "balance") : BigInteger.ZERO,
                  gone ? BigInteger.ZERO : TransactionJson.quantity(post, "balance")));
    }
    Map<Hash32, SlotChange> slots = new LinkedHashMap<>();
    for (String slot : keys(pre, post)) {
      slots.put(
          Hash32.parse(slot),
          new SlotChange(
              word(pre.path("storage").path(slot)), word(post.path("storage").path(slot))));
    }
    return new Change(
        Address.parse(account), balance, slots, post.has("code") || (gone && pre.has("code")));
  }

  private static Set<String> keys(JsonNode pre, JsonNode post) {
    Set<String> keys = new LinkedHashSet<>(post.path("storage").propertyNames());
    keys.addAll(pre.path("storage").propertyNames());
    return keys;
  }

  private static Hash32 word(JsonNode value) throws MalformedException {
    if (value.isMissingNode()) {
      return Hash32.ZERO;
    }
    Bytes bytes = Bytes.parse(value.asString(""));
    if (bytes.size() > 32) {
      throw new MalformedException("a storage word exceeds 32 bytes");
    }
    byte[] word = new byte[32];
    System.arraycopy(bytes.toArray(), 0, word, 32 - bytes.size(), bytes.size());
    return Hash32.of(word);
  }
}
