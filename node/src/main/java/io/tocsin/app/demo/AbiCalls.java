package io.tocsin.app.demo;

import com.esaulpaugh.headlong.abi.ABIType;
import com.esaulpaugh.headlong.abi.ArrayType;
import com.esaulpaugh.headlong.abi.Function;
import com.esaulpaugh.headlong.abi.Tuple;
import com.esaulpaugh.headlong.abi.TupleType;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import java.lang.reflect.Array;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * Calls and constructor arguments in the contract ABI, from plain values: {@link Address}, {@link
 * Bytes}, {@link Hash32}, numbers, booleans, strings, and lists for arrays and tuples alike.
 */
final class AbiCalls {
  private AbiCalls() {}

  /** The input of a call of {@code signature}, such as {@code "mint(address,uint256)"}. */
  static Bytes call(String signature, Object... arguments) {
    Function function = Function.parse(signature);
    Tuple tuple = tuple(function.getInputs(), List.of(arguments));
    return Bytes.of(function.encodeCall(tuple).array());
  }

  /** {@code arguments} encoded as the tuple {@code type}. */
  static <T extends Tuple> Bytes encode(TupleType<T> type, List<?> arguments) {
    @SuppressWarnings("unchecked") // a tuple made for this very type
    T tuple = (T) tuple(type, arguments);
    return Bytes.of(type.encode(tuple).array());
  }

  private static Tuple tuple(TupleType<?> type, List<?> arguments) {
    if (type.size() != arguments.size()) {
      throw new IllegalArgumentException(type + " does not take " + arguments.size() + " values");
    }
    List<Object> converted = new ArrayList<>();
    for (int i = 0; i < type.size(); i++) {
      converted.add(convert(type.get(i), arguments.get(i)));
    }
    return Tuple.from(converted.toArray());
  }

  private static Object convert(ABIType<?> type, Object value) {
    return switch (type.typeCode()) {
      case ABIType.TYPE_CODE_ADDRESS -> wrap((Address) value);
      case ABIType.TYPE_CODE_INT -> ((Number) value).intValue();
      case ABIType.TYPE_CODE_LONG -> ((Number) value).longValue();
      case ABIType.TYPE_CODE_BIG_INTEGER ->
          value instanceof BigInteger big ? big : BigInteger.valueOf(((Number) value).longValue());
      case ABIType.TYPE_CODE_TUPLE -> tuple(type.asTupleType(), (List<?>) value);
      case ABIType.TYPE_CODE_ARRAY -> array((ArrayType<?, ?, ?>) type, value);
      default -> value;
    };
  }

  private static Object array(ArrayType<?, ?, ?> type, Object value) {
    return switch (value) {
      case Bytes bytes -> bytes.toArray();
      case Hash32 hash -> hash.toArray();
      case List<?> list -> {
        Object array = Array.newInstance(type.getElementType().clazz(), list.size());
        for (int i = 0; i < list.size(); i++) {
          Array.set(array, i, convert(type.getElementType(), list.get(i)));
        }
        yield array;
      }
      default -> value;
    };
  }

  private static com.esaulpaugh.headlong.abi.Address wrap(Address address) {
    return com.esaulpaugh.headlong.abi.Address.wrap(
        com.esaulpaugh.headlong.abi.Address.toChecksumAddress(address.toString()));
  }
}
