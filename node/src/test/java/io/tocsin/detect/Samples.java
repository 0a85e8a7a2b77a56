package io.tocsin.detect;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.chain.Position;
import io.tocsin.chain.TraceJson;
import io.tocsin.chain.TxTrace;
import io.tocsin.crypto.Keccak;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Deque;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Builds call trees as a node would write them. */
final class Samples {
  static final Address SENDER = account(1);
  static final Address ROBBER = account(2);
  static final Address USD = account(0x10);
  static final Address COIN = account(0x11);
  static final Address PAIR = account(0x20);
  static final Address OTHER_PAIR = account(0x21);
  static final Address LENDER = account(0x30);
  static final Address VAULT = account(0x31);
  static final Address POOL = account(0x40);
  static final Address RECEIPT = account(0x41);
  static final Address DEBT = account(0x42);

  private Samples() {}

  static Address account(int number) {
    byte[] bytes = new byte[20];
    bytes[0] = (byte) 0xac;
    bytes[19] = (byte) number;
    return Address.of(bytes);
  }

  /** A call from {@code from} to {@code to} that is the whole transaction. */
  static Call tx(Address from, Address to, String signature, Object... arguments) {
    return new Call("CALL", from, to, 0, input(signature, arguments));
  }

  static TxTrace trace(Call root) {
    try {
      return TraceJson.parse(
          root.json, ChainId.evm(1), Keccak.hashUtf8("sample"), new Position.Unknown());
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  /** The same call tree as a source without events and gas would have recorded it. */
  static TxTrace bare(TxTrace trace, JsonNode root) {
    JsonNode copy = root.deepCopy();
    Deque<JsonNode> todo = new ArrayDeque<>();
    todo.push(copy);
    while (!todo.isEmpty()) {
      ObjectNode frame = (ObjectNode) todo.pop();
      frame.remove("logs");
      frame.remove("gas");
      frame.remove("gasUsed");
      JsonNode calls = frame.get("calls");
      if (calls != null) {
        calls.forEach(todo::push);
      }
    }
    try {
      return TraceJson.parse(copy, trace.chain(), trace.tx(), trace.position());
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  static Bytes input(String signature, Object... arguments) {
    if (signature.isEmpty()) {
      return Bytes.EMPTY;
    }
    return Keccak.hashUtf8(signature).bytes().slice(0, 4).concat(words(arguments));
  }

  static Bytes words(Object... values) {
    Bytes all = Bytes.EMPTY;
    for (Object value : values) {
      Hash32 word =
          value instanceof Address address
              ? address.toWord()
              : word(new BigInteger(value.toString()));
      all = all.concat(word.bytes());
    }
    return all;
  }

  private static Hash32 word(BigInteger value) {
    byte[] small = value.toByteArray();
    byte[] word = new byte[32];
    int start = small.length > 32 ? 1 : 0;
    System.arraycopy(small, start, word, 32 - (small.length - start), small.length - start);
    return Hash32.of(word);
  }

  /** One frame under construction. */
  static final class Call {
    final ObjectNode json = Json.object();
    private final Address self;

    Call(String kind, Address from, Address to, long value, Bytes input) {
      this.self = kind.equals("DELEGATECALL") ? from : to;
      json.put("type", kind)
          .put("from", from.toString())
          .put("to", to.toString())
          .put("value", "0x" + Long.toHexString(value))
          .put("gas", "0xffff")
          .put("gasUsed", "0xff")
          .put("input", input.toHex());
    }

    private Call child(String kind, Address to, long value, Bytes input) {
      Call child = new Call(kind, self, to, value, input);
      json.withArray("calls").add(child.json);
      return child;
    }

    Call call(Address to, String signature, Object... arguments) {
      return child("CALL", to, 0, input(signature, arguments));
    }

    Call view(Address to, String signature, Object... arguments) {
      return child("STATICCALL", to, 0, input(signature, arguments));
    }

    Call lend(Address code, String signature, Object... arguments) {
      return child("DELEGATECALL", code, 0, input(signature, arguments));
    }

    /** Sends native value without call data. */
    Call send(Address to, long value) {
      return child("CALL", to, value, Bytes.EMPTY);
    }

    Call create(Address made) {
      return child("CREATE", made, 0, Bytes.hex("0x00"));
    }

    Call returns(Object... values) {
      json.put("output", words(values).toHex());
      return this;
    }

    Call fails(String error) {
      json.put("error", error);
      return this;
    }

    /** Has {@code token} move {@code amount} from this frame's account. */
    Call transfer(Address token, Address to, long amount) {
      Call made = call(token, "transfer(address,uint256)", to, amount).returns(1);
      made.moved(token, self, to, amount);
      return made;
    }

    Call transferFrom(Address token, Address from, Address to, long amount) {
      Call made = call(token, "transferFrom(address,address,uint256)", from, to, amount).returns(1);
      made.moved(token, from, to, amount);
      return made;
    }

    /** Emits a transfer event of {@code token} in this frame. */
    Call moved(Address token, Address from, Address to, long amount) {
      ArrayNode logs = json.withArray("logs");
      ObjectNode log = logs.addObject().put("address", token.toString());
      log.putArray("topics")
          .add(Selectors.TRANSFER_EVENT.toString())
          .add(from.toWord().toString())
          .add(to.toWord().toString());
      int position = json.get("calls") == null ? 0 : json.get("calls").size();
      log.put("data", words(amount).toHex()).put("position", "0x" + Integer.toHexString(position));
      return this;
    }

    Call balance(Address token, Address holder, long amount) {
      return view(token, "balanceOf(address)", holder).returns(amount);
    }

    Call reserves(Address pair, long first, long second) {
      return view(pair, "getReserves()").returns(first, second, 0);
    }
  }
}
