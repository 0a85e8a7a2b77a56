package io.tocsin.audit;

import io.tocsin.base.AccountId;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Text;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The JSON forms of numbers, times, optional numbers and the values of {@code base}. */
final class PlainForms {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private PlainForms() {}

  static RecordJson in(RecordJson empty) {
    return empty
        .withText(String.class, s -> s, s -> s)
        .withText(Bytes.class, Bytes::toHex, Bytes::parse)
        .withText(Hash32.class, Hash32::toString, Hash32::parse)
        .withText(Address.class, Address::toString, Address::parse)
        .withText(ChainId.class, ChainId::toString, ChainId::parse)
        .withText(AccountId.class, AccountId::toString, AccountId::parse)
        .withText(Instant.class, Instant::toString, guarded(Instant::parse))
        .withText(Duration.class, Duration::toString, guarded(Duration::parse))
        .withText(BigInteger.class, BigInteger::toString, guarded(BigInteger::new))
        .withText(BigDecimal.class, BigDecimal::toString, guarded(BigDecimal::new))
        .withText(Long.class, n -> Long.toString(n), guarded(Long::valueOf))
        .with(Integer.class, NODES::numberNode, PlainForms::integer)
        .withText(Double.class, d -> Double.toString(d), guarded(Double::valueOf))
        .with(Boolean.class, NODES::booleanNode, PlainForms::bool)
        .with(OptionalLong.class, PlainForms::optional, PlainForms::optionalLong)
        .with(OptionalDouble.class, PlainForms::optional, PlainForms::optionalDouble);
  }

  private static <T> RecordJson.Reader<String, T> guarded(Function<String, T> parser) {
    return text -> {
      try {
        return parser.apply(text);
      } catch (DateTimeException | NumberFormatException e) {
        throw new MalformedException("cannot read " + Text.excerpt(text), e);
      }
    };
  }

  private static JsonNode optional(OptionalLong value) {
    return value.isPresent()
        ? NODES.stringNode(Long.toString(value.getAsLong()))
        : NODES.nullNode();
  }

  private static JsonNode optional(OptionalDouble value) {
    return value.isPresent()
        ? NODES.stringNode(Double.toString(value.getAsDouble()))
        : NODES.nullNode();
  }

  private static OptionalLong optionalLong(JsonNode node) throws MalformedException {
    return node.isNull()
        ? OptionalLong.empty()
        : OptionalLong.of(guarded(Long::valueOf).read(text(node)));
  }

  private static OptionalDouble optionalDouble(JsonNode node) throws MalformedException {
    return node.isNull()
        ? OptionalDouble.empty()
        : OptionalDouble.of(guarded(Double::valueOf).read(text(node)));
  }

  private static Integer integer(JsonNode node) throws MalformedException {
    if (!node.canConvertToInt() || !node.isIntegralNumber()) {
      throw new MalformedException("expected an integer, found " + Text.excerpt(node.toString()));
    }
    return node.intValue();
  }

  private static Boolean bool(JsonNode node) throws MalformedException {
    if (!node.isBoolean()) {
      throw new MalformedException("expected a boolean, found " + Text.excerpt(node.toString()));
    }
    return node.booleanValue();
  }

  static String text(JsonNode node) throws MalformedException {
    if (!node.isString()) {
      throw new MalformedException("expected text, found " + Text.excerpt(node.toString()));
    }
    return node.stringValue();
  }
}
