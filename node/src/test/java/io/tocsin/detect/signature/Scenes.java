package io.tocsin.detect.signature;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.ChainId;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.chain.Position;
import io.tocsin.chain.StateReads;
import io.tocsin.chain.TraceJson;
import io.tocsin.crypto.Keccak;
import io.tocsin.detect.DetectConfig;
import io.tocsin.detect.Detectors;
import io.tocsin.detect.History;
import io.tocsin.detect.TraceFacts;
import io.tocsin.detect.signature.SignatureParser.Parsed;
import java.math.BigInteger;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/** Small transactions, as call trees without events. */
final class Scenes {
  static final Address ROBBER = account(1);
  static final Address TOOL = account(2);
  static final Address BANK = account(3);
  static final Address COIN = account(4);
  static final Address OTHER = account(5);
  static final Address OWNER = account(6);

  private Scenes() {}

  static Address account(int number) {
    byte[] bytes = new byte[20];
    bytes[0] = 0x5c;
    bytes[18] = (byte) (number >> 8);
    bytes[19] = (byte) number;
    return Address.of(bytes);
  }

  /** One frame under construction. */
  record Frame(ObjectNode json, Address self) {
    static Frame of(String type, Address from, Address to, long value, Bytes input) {
      return new Frame(
          Json.object()
              .put("type", type)
              .put("from", from.toString())
              .put("to", to.toString())
              .put("value", "0x" + Long.toHexString(value))
              .put("input", input.toHex()),
          type.equals("DELEGATECALL") ? from : to);
    }

    Frame call(Address to, String function, Object... arguments) {
      return child("CALL", to, 0, input(function, arguments));
    }

    Frame view(Address to, String function, Object... arguments) {
      return child("STATICCALL", to, 0, input(function, arguments));
    }

    Frame pay(Address to, long value) {
      return child("CALL", to, value, Bytes.EMPTY);
    }

    Frame child(String type, Address to, long value, Bytes input) {
      Frame child = of(type, self, to, value, input);
      json.withArray("calls").add(child.json);
      return child;
    }

    Frame returns(Object... words) {
      json.put("output", words(words).toHex());
      return this;
    }
  }

  private static Bytes input(String function, Object... arguments) {
    return Keccak.hashUtf8(function).bytes().slice(0, 4).concat(words(arguments));
  }

  private static Bytes words(Object... values) {
    Bytes all = Bytes.EMPTY;
    for (Object value : values) {
      if (value instanceof Address address) {
        all = all.concat(address.toWord().bytes());
      } else {
        String hex = new BigInteger(value.toString()).toString(16);
        all = all.concat(Bytes.hex("0x" + "0".repeat(64 - hex.length()) + hex));
      }
    }
    return all;
  }

  /** The facts of a transaction in which the robber calls its tool. */
  static TraceFacts facts(Consumer<Frame> inside) {
    Frame root = Frame.of("CALL", ROBBER, TOOL, 0, input("go()"));
    inside.accept(root);
    try {
      var trace =
          TraceJson.parse(
              root.json, ChainId.evm(1), Keccak.hashUtf8("scene"), new Position.Unknown());
      return new Detectors(DetectConfig.DEFAULT)
          .facts(trace, StateReads.NONE, History.NONE)
          .orElseThrow();
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  static Course course(Consumer<Frame> inside) {
    return Course.of(facts(inside));
  }

  /** The bank pays before it books, and is called again. */
  static void reentry(Frame tool) {
    Frame first = tool.call(BANK, "takeOut(uint256)", 10);
    Frame paid = first.pay(TOOL, 10);
    paid.call(BANK, "takeOut(uint256)", 10).pay(TOOL, 10);
  }

  /** A withdrawal as it should be. */
  static void withdrawal(Frame tool) {
    tool.call(BANK, "withdraw(uint256)", 10).pay(TOOL, 10);
  }

  /** A contract that others had allowed to is made to take from one of them. */
  static void deputy(Frame tool) {
    tool.call(BANK, "run(address)", COIN)
        .call(COIN, "transferFrom(address,address,uint256)", OWNER, TOOL, 50)
        .returns(1);
  }

  static Signature signature(String... lines) {
    return switch (SignatureParser.parse(String.join("\n", lines))) {
      case Parsed.Ready(List<Signature> all) -> all.getFirst();
      case Parsed.Faulty fault -> throw new AssertionError(fault.sentence());
    };
  }

  static SignatureSet.Answer match(Course course, Signature... signatures) {
    return new SignatureSet(List.of(signatures), SignatureSet.Budget.DEFAULT).match(course);
  }

  static boolean matches(Course course, String... lines) {
    return !match(course, signature(lines)).hits().isEmpty();
  }
}
