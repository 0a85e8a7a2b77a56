package io.tocsin.audit;

import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Text;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Records as JSON and back, without a word about it in the records.
 *
 * <p>A record is an object of its components; a record or enum seen through a sealed interface has
 * its simple name in the field {@code is}. Values of {@code base}, times and durations are their
 * usual text; integers of any size beyond {@code int} are decimal text, so that the canonical form
 * is exact. Sets are in the order of their text. An empty optional is null. Other classes need a
 * {@link #with form} of their own.
 */
public final class RecordJson {
  private static final String KIND = "is";
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** Records, enums, collections, numbers and the values of {@code base}; nothing else. */
  public static final RecordJson PLAIN = PlainForms.in(new RecordJson(Map.of()));

  /** Reflection makes new objects at each question, and the first call of each is slow. */
  private static final ClassValue<Shape> SHAPES =
      new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
          return Shape.of(type);
        }
      };

  private final Map<Class<?>, Form<?>> forms;

  private RecordJson(Map<Class<?>, Form<?>> forms) {
    this.forms = Map.copyOf(forms);
  }

  /** Reads a value from its text or tree. */
  @FunctionalInterface
  public interface Reader<S, T> {
    /**
     * The value.
     *
     * @throws MalformedException if there is none in {@code source}
     */
    T read(S source) throws MalformedException;
  }

  private record Form<T>(Function<T, JsonNode> write, Reader<JsonNode, T> read) {
    @SuppressWarnings("unchecked") // forms are keyed by the class they write
    JsonNode writeAny(Object value) {
      return write.apply((T) value);
    }
  }

  /** What a record is made of. */
  private record Shape(List<Part> parts, Constructor<?> constructor) {
    static Shape of(Class<?> type) {
      RecordComponent[] components = type.getRecordComponents();
      try {
        Constructor<?> constructor =
            type.getDeclaredConstructor(
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class[]::new));
        constructor.setAccessible(true);
        return new Shape(Arrays.stream(components).map(Part::of).toList(), constructor);
      } catch (NoSuchMethodException e) {
        throw new IllegalStateException("no canonical constructor in " + type.getName(), e);
      }
    }
  }

  /** A component of a record. */
  private record Part(String name, Type type, Method accessor) {
    static Part of(RecordComponent component) {
      component.getAccessor().setAccessible(true);
      return new Part(component.getName(), component.getGenericType(), component.getAccessor());
    }

    Object of(Record record) {
      try {
        return accessor.invoke(record);
      } catch (IllegalAccessException | InvocationTargetException e) {
        throw new IllegalStateException("cannot read " + accessor, e);
      }
    }
  }

  /** This, and {@code type} in the given form. */
  public <T> RecordJson with(Class<T> type, Function<T, JsonNode> write, Reader<JsonNode, T> read) {
    Map<Class<?>, Form<?>> more = new HashMap<>(forms);
    more.put(type, new Form<>(write, read));
    return new RecordJson(more);
  }

  /** This, and {@code type} as text. */
  public <T> RecordJson withText(Class<T> type, Function<T, String> write, Reader<String, T> read) {
    return with(type, v -> NODES.stringNode(write.apply(v)), n -> read.read(PlainForms.text(n)));
  }

  /**
   * {@code value} as a component of static type {@code type}.
   *
   * @throws IllegalArgumentException if a class in it has no form
   */
  public JsonNode write(Class<?> type, Object value) {
    return writeAs(type, value);
  }

  private JsonNode writeAs(Type type, Object value) {
    if (value instanceof JsonNode node) {
      return node;
    }
    Form<?> form = formOf(value.getClass());
    if (form != null) {
      return form.writeAny(value);
    }
    return switch (value) {
      case Optional<?> o -> o.isEmpty() ? NODES.nullNode() : writeAs(argument(type, 0), o.get());
      case Map<?, ?> map -> writeMap(type, map);
      case Set<?> items -> {
        ArrayNode array = NODES.arrayNode();
        items.stream()
            .map(item -> writeAs(argument(type, 0), item))
            .sorted(Comparator.comparing(JsonNode::toString))
            .forEach(array::add);
        yield array;
      }
      case Collection<?> items -> {
        ArrayNode array = NODES.arrayNode();
        items.forEach(item -> array.add(writeAs(argument(type, 0), item)));
        yield array;
      }
      case Enum<?> constant when !raw(type).isInterface() -> NODES.stringNode(constant.name());
      case Enum<?> constant -> tagged(constant.getDeclaringClass()).put("value", constant.name());
      case Record record -> {
        ObjectNode object = raw(type).isInterface() ? tagged(record.getClass()) : Json.object();
        for (Part part : SHAPES.get(record.getClass()).parts()) {
          object.set(part.name(), writeAs(part.type(), part.of(record)));
        }
        yield object;
      }
      default -> throw new IllegalArgumentException("no JSON form for " + value.getClass());
    };
  }

  /** An object if the keys are text, else entries of key and value; both in one order only. */
  private JsonNode writeMap(Type type, Map<?, ?> map) {
    TreeMap<String, ObjectNode> entries = new TreeMap<>();
    boolean text = true;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      JsonNode key = writeAs(argument(type, 0), entry.getKey());
      text &= key.isString();
      ObjectNode both = Json.object();
      both.set("key", key);
      both.set("value", writeAs(argument(type, 1), entry.getValue()));
      entries.put(key.isString() ? key.stringValue() : key.toString(), both);
    }
    if (!text) {
      return NODES.arrayNode().addAll(entries.values());
    }
    ObjectNode object = Json.object();
    entries.forEach((key, both) -> object.set(key, both.get("value")));
    return object;
  }

  private @Nullable Form<?> formOf(Class<?> type) {
    Form<?> exact = forms.get(boxed(type));
    if (exact != null || type.isRecord() || type.isEnum()) {
      return exact;
    }
    for (Map.Entry<Class<?>, Form<?>> entry : forms.entrySet()) {
      if (entry.getKey().isAssignableFrom(type)) {
        return entry.getValue();
      }
    }
    return null;
  }

  private static ObjectNode tagged(Class<?> type) {
    return Json.object().put(KIND, type.getSimpleName());
  }

  /**
   * The value that {@code node} was written from.
   *
   * @throws MalformedException naming the field that does not fit
   */
  public <T> T read(Class<T> type, JsonNode node) throws MalformedException {
    return type.cast(readAs(type, node));
  }

  private Object readAs(Type type, JsonNode node) throws MalformedException {
    Class<?> raw = raw(type);
    if (raw == JsonNode.class) {
      return node;
    }
    Form<?> form = formOf(raw);
    if (form != null) {
      return form.read().read(node);
    }
    if (raw == Optional.class) {
      return node.isNull() ? Optional.empty() : Optional.of(readAs(argument(type, 0), node));
    }
    if (raw == Map.class) {
      return readMap(type, node);
    }
    if (raw == List.class || raw == Set.class) {
      Collection<Object> items = raw == List.class ? new ArrayList<>() : new LinkedHashSet<>();
      for (JsonNode item : node) {
        items.add(readAs(argument(type, 0), item));
      }
      return items;
    }
    if (raw.isEnum()) {
      return constant(raw, PlainForms.text(node));
    }
    if (raw.isInterface() && raw.isSealed()) {
      return readTagged(raw, node);
    }
    if (raw.isRecord()) {
      return readRecord(raw, node);
    }
    throw new MalformedException("no JSON form for " + raw.getName());
  }

  private Map<Object, Object> readMap(Type type, JsonNode node) throws MalformedException {
    Map<Object, Object> map = new LinkedHashMap<>();
    if (node.isArray()) {
      for (JsonNode entry : node) {
        map.put(
            readAs(argument(type, 0), entry.path("key")),
            readAs(argument(type, 1), entry.path("value")));
      }
      return map;
    }
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      map.put(
          readAs(argument(type, 0), NODES.stringNode(entry.getKey())),
          readAs(argument(type, 1), entry.getValue()));
    }
    return map;
  }

  private Object readTagged(Class<?> type, JsonNode node) throws MalformedException {
    String kind = Json.text(node, KIND);
    for (Class<?> permitted : leaves(type)) {
      if (permitted.getSimpleName().equals(kind)) {
        return permitted.isEnum()
            ? constant(permitted, Json.text(node, "value"))
            : readAs(permitted, node);
      }
    }
    throw new MalformedException(Text.excerpt(kind) + " is no " + type.getSimpleName());
  }

  private static List<Class<?>> leaves(Class<?> type) {
    return Arrays.stream(type.getPermittedSubclasses())
        .<Class<?>>mapMulti(
            (permitted, out) -> {
              if (permitted.isInterface() && permitted.isSealed()) {
                leaves(permitted).forEach(out);
              } else {
                out.accept(permitted);
              }
            })
        .toList();
  }

  private Object readRecord(Class<?> type, JsonNode node) throws MalformedException {
    Shape shape = SHAPES.get(type);
    Object[] values = new Object[shape.parts().size()];
    for (int i = 0; i < values.length; i++) {
      String name = shape.parts().get(i).name();
      JsonNode field = node.get(name);
      if (field == null) {
        throw new MalformedException(type.getSimpleName() + ": no field " + name);
      }
      try {
        values[i] = readAs(shape.parts().get(i).type(), field);
      } catch (MalformedException e) {
        throw new MalformedException(type.getSimpleName() + "." + name + ": " + e.getMessage(), e);
      }
    }
    try {
      return shape.constructor().newInstance(values);
    } catch (InvocationTargetException e) {
      throw new MalformedException(
          type.getSimpleName() + ": " + e.getTargetException().getMessage(), e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot construct " + type.getName(), e);
    }
  }

  private static Object constant(Class<?> type, String name) throws MalformedException {
    for (Object constant : type.getEnumConstants()) {
      if (((Enum<?>) constant).name().equals(name)) {
        return constant;
      }
    }
    throw new MalformedException(Text.excerpt(name) + " is no " + type.getSimpleName());
  }

  private static Class<?> raw(Type type) {
    return switch (type) {
      case Class<?> c -> boxed(c);
      case ParameterizedType p -> (Class<?>) p.getRawType();
      default -> throw new IllegalArgumentException("no JSON form for " + type);
    };
  }

  private static Type argument(Type type, int index) {
    if (type instanceof ParameterizedType p) {
      return p.getActualTypeArguments()[index];
    }
    throw new IllegalArgumentException("no element type in " + type);
  }

  private static Class<?> boxed(Class<?> type) {
    if (type == long.class) {
      return Long.class;
    }
    if (type == int.class) {
      return Integer.class;
    }
    if (type == double.class) {
      return Double.class;
    }
    return type == boolean.class ? Boolean.class : type;
  }
}
