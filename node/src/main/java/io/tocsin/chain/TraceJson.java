package io.tocsin.chain;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Text;
import io.tocsin.base.Wei;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the JSON of geth's {@code callTracer}, with or without logs and gas, into a {@link
 * TxTrace}. It never recurses, so that depth costs no stack.
 *
 * <p>Fields it does not know are skipped: nodes add their own.
 *
 * @see <a href="https://geth.ethereum.org/docs/developers/evm-tracing/built-in-tracers">geth
 *     built-in tracers</a>
 */
public final class TraceJson {
  /** More frames than this are refused. */
  public static final int MAX_FRAMES = 1_000_000;

  /**
   * Frames deeper than this are refused: the EVM stops at 1,024, and shows the call that failed.
   */
  public static final int MAX_DEPTH = 1_025;

  private static final Map<String, FrameKind> KINDS = kinds();

  private final Map<String, Address> addresses = new HashMap<>();
  private final List<Draft> drafts = new ArrayList<>();
  private boolean hasLogs;
  private boolean hasGas;

  private TraceJson() {}

  /** A frame whose children are still being collected. */
  private record Draft(JsonNode json, CallFrame.Place place, boolean undone, List<Integer> nested) {
    static Draft of(JsonNode json, int index, int parent, int depth, boolean undone) {
      return new Draft(json, new CallFrame.Place(index, parent, depth), undone, new ArrayList<>(2));
    }
  }

  /** A frame still to be visited: its JSON, the index of the frame above, and its own depth. */
  private record Todo(JsonNode json, int parent, int depth) {}

  private static Map<String, FrameKind> kinds() {
    Map<String, FrameKind> all = new HashMap<>();
    for (FrameKind kind : FrameKind.values()) {
      all.put(kind.name(), kind);
    }
    return Map.copyOf(all);
  }

  /**
   * Reads one call tree from UTF-8 text.
   *
   * @throws MalformedException naming the frame's path and field, such as {@code calls[2].value}
   */
  public static TxTrace parse(byte[] text, ChainId chain, Hash32 tx, Position position)
      throws MalformedException {
    return parse(Json.parse(text), chain, tx, position);
  }

  /**
   * Reads one call tree.
   *
   * @throws MalformedException naming the frame's path and field, such as {@code calls[2].value}
   */
  public static TxTrace parse(JsonNode root, ChainId chain, Hash32 tx, Position position)
      throws MalformedException {
    return new TraceJson().read(root, new TxTrace.Origin(chain, tx, position));
  }

  private TxTrace read(JsonNode root, TxTrace.Origin origin) throws MalformedException {
    Deque<Todo> todo = new ArrayDeque<>();
    todo.push(new Todo(root, -1, 0));
    while (!todo.isEmpty()) {
      visit(todo.pop(), todo);
    }
    List<CallFrame> frames = new ArrayList<>(drafts.size());
    for (Draft draft : drafts) {
      frames.add(frame(draft));
    }
    return new TxTrace(origin, frames, hasLogs, hasGas);
  }

  private void visit(Todo next, Deque<Todo> todo) throws MalformedException {
    int index = drafts.size();
    if (index >= MAX_FRAMES) {
      throw new MalformedException("a trace of more than " + MAX_FRAMES + " frames is not read");
    }
    boolean undone = next.json().hasNonNull("error");
    if (next.parent() >= 0) {
      Draft above = drafts.get(next.parent());
      undone |= above.undone();
      above.nested().add(index);
    }
    Draft draft = Draft.of(next.json(), index, next.parent(), next.depth(), undone);
    drafts.add(draft);
    if (!next.json().isObject()) {
      throw fault(draft, "", "expected a frame object");
    }
    if (next.depth() > MAX_DEPTH) {
      throw fault(draft, "", "deeper than the EVM allows (" + MAX_DEPTH + ")");
    }
    JsonNode calls = next.json().get("calls");
    if (calls == null || calls.isNull()) {
      return;
    }
    if (!calls.isArray()) {
      throw fault(draft, "calls", "expected an array");
    }
    for (int i = calls.size() - 1; i >= 0; i--) {
      todo.push(new Todo(calls.get(i), index, next.depth() + 1));
    }
  }

  private CallFrame frame(Draft draft) throws MalformedException {
    String type = text(draft, "type");
    FrameKind kind = type == null ? null : KINDS.get(type.toUpperCase(Locale.ROOT));
    if (kind == null) {
      throw fault(draft, "type", "expected an EVM call type, found " + shown(type));
    }
    Address from = address(draft, "from", text(draft, "from"));
    String to = text(draft, "to");
    if (to == null && !kind.creates()) {
      throw fault(draft, "to", "expected an address, found nothing");
    }
    CallFrame.Call call =
        new CallFrame.Call(
            kind, from, to == null ? Address.ZERO : address(draft, "to", to), value(draft));
    CallFrame.Payload payload =
        new CallFrame.Payload(
            bytes(draft, "input"),
            bytes(draft, "output"),
            flag(draft, "inputTruncated"),
            flag(draft, "outputTruncated"));
    OptionalLong gas = gas(draft, "gas");
    OptionalLong gasUsed = gas(draft, "gasUsed");
    hasGas |= gas.isPresent() || gasUsed.isPresent();
    CallFrame.End end =
        new CallFrame.End(gas, gasUsed, Optional.ofNullable(text(draft, "error")), draft.undone());
    return new CallFrame(draft.place(), call, payload, end, logs(draft), draft.nested());
  }

  private List<TraceLog> logs(Draft draft) throws MalformedException {
    JsonNode logs = draft.json().get("logs");
    if (logs == null || logs.isNull()) {
      return List.of();
    }
    if (!logs.isArray()) {
      throw fault(draft, "logs", "expected an array");
    }
    hasLogs = true;
    List<TraceLog> all = new ArrayList<>(logs.size());
    for (int i = 0; i < logs.size(); i++) {
      all.add(log(draft, logs.get(i), "logs[" + i + "]"));
    }
    return all;
  }

  private TraceLog log(Draft draft, JsonNode log, String field) throws MalformedException {
    if (!log.isObject()) {
      throw fault(draft, field, "expected a log object");
    }
    Address emitter = address(draft, field + ".address", string(log.get("address")));
    List<Hash32> topics = new ArrayList<>(4);
    JsonNode topicNodes = log.get("topics");
    if (topicNodes != null && (!topicNodes.isArray() || topicNodes.size() > 4)) {
      throw fault(draft, field + ".topics", "expected at most 4 topics");
    }
    try {
      if (topicNodes != null) {
        for (JsonNode topic : topicNodes) {
          topics.add(Hash32.parse(orEmpty(string(topic))));
        }
      }
      String data = string(log.get("data"));
      String position = string(log.get("position"));
      int place =
          position == null
              ? draft.nested().size()
              : TransactionJson.quantity(position).intValueExact();
      return new TraceLog(emitter, topics, data == null ? Bytes.EMPTY : Bytes.parse(data), place);
    } catch (MalformedException | ArithmeticException e) {
      throw fault(draft, field, orEmpty(e.getMessage()));
    }
  }

  private Address address(Draft draft, String field, @Nullable String text)
      throws MalformedException {
    if (text == null) {
      throw fault(draft, field, "expected an address, found nothing");
    }
    Address known = addresses.get(text);
    if (known != null) {
      return known;
    }
    try {
      Address read = Address.parse(text);
      addresses.put(text, read);
      return read;
    } catch (MalformedException e) {
      throw fault(draft, field, orEmpty(e.getMessage()));
    }
  }

  private Wei value(Draft draft) throws MalformedException {
    String text = text(draft, "value");
    if (text == null || text.equals("0x0")) {
      return Wei.ZERO;
    }
    try {
      return new Wei(TransactionJson.quantity(text));
    } catch (MalformedException | IllegalArgumentException e) {
      throw fault(draft, "value", orEmpty(e.getMessage()));
    }
  }

  private OptionalLong gas(Draft draft, String field) throws MalformedException {
    String text = text(draft, field);
    if (text == null) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(TransactionJson.quantity(text).longValueExact());
    } catch (MalformedException | ArithmeticException e) {
      throw fault(draft, field, orEmpty(e.getMessage()));
    }
  }

  private Bytes bytes(Draft draft, String field) throws MalformedException {
    String text = text(draft, field);
    if (text == null || text.equals("0x")) {
      return Bytes.EMPTY;
    }
    try {
      return Bytes.parse(text);
    } catch (MalformedException e) {
      throw fault(draft, field, orEmpty(e.getMessage()));
    }
  }

  private boolean flag(Draft draft, String field) throws MalformedException {
    JsonNode node = draft.json().get(field);
    if (node == null) {
      return false;
    }
    if (!node.isBoolean()) {
      throw fault(draft, field, "expected true or false");
    }
    return node.booleanValue();
  }

  private @Nullable String text(Draft draft, String field) throws MalformedException {
    JsonNode node = draft.json().get(field);
    if (node == null || node.isNull()) {
      return null;
    }
    if (!node.isString()) {
      throw fault(draft, field, "expected a string");
    }
    return node.stringValue();
  }

  private static @Nullable String string(@Nullable JsonNode node) {
    return node != null && node.isString() ? node.stringValue() : null;
  }

  private MalformedException fault(Draft draft, String field, String why) {
    StringBuilder path = new StringBuilder();
    Draft at = draft;
    while (at.place().parent() >= 0) {
      Draft above = drafts.get(at.place().parent());
      path.insert(0, "calls[" + above.nested().indexOf(at.place().index()) + "].");
      at = above;
    }
    String where = field.isEmpty() ? "frame " + path : path + field;
    return new MalformedException("call trace, " + where + ": " + why);
  }

  private static String shown(@Nullable String text) {
    return text == null ? "nothing" : Text.excerpt(text);
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
