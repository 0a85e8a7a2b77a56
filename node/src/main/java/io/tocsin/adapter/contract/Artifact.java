package io.tocsin.adapter.contract;

import com.esaulpaugh.headlong.abi.ContractError;
import com.esaulpaugh.headlong.abi.Event;
import com.esaulpaugh.headlong.abi.Function;
import com.esaulpaugh.headlong.abi.Tuple;
import io.tocsin.base.Bytes;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A compiled contract: its interface and its creation bytecode. Immutable. */
final class Artifact {
  private final String name;
  private final Bytes bytecode;
  private final Map<String, Function> functions = new HashMap<>();
  private final List<ContractError<Tuple>> errors = new ArrayList<>();
  private final List<Event<Tuple>> events = new ArrayList<>();
  private final Function constructor;

  private Artifact(String name, JsonNode document) throws MalformedException {
    this.name = name;
    this.bytecode = Bytes.parse(Json.text(document, "bytecode"));
    Function found = null;
    for (JsonNode item : document.path("abi")) {
      String json = item.toString();
      switch (Json.text(item, "type")) {
        case "function" -> {
          Function function = Function.fromJson(json);
          functions.put(function.getName(), function);
        }
        case "constructor" -> found = Function.fromJson(json);
        case "error" -> errors.add(ContractError.fromJson(json));
        case "event" -> events.add(Event.fromJson(json));
        default -> {}
      }
    }
    if (found == null) {
      throw new MalformedException(name + ": no constructor in its interface");
    }
    this.constructor = found;
  }

  /**
   * The contract of that name among those committed with the sources.
   *
   * @throws IllegalStateException if there is none or it cannot be read: the build is broken
   */
  static Artifact published(String name) {
    String resource = "/io/tocsin/contracts/" + name + ".json";
    try (InputStream in = Artifact.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("no artifact " + resource);
      }
      return new Artifact(name, Json.parse(in.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(resource, e);
    } catch (MalformedException e) {
      throw new IllegalStateException(resource, e);
    }
  }

  Function function(String method) {
    Function function = functions.get(method);
    if (function == null) {
      throw new IllegalArgumentException(name + " has no function " + method);
    }
    return function;
  }

  Bytes call(String method, Object... arguments) {
    return Bytes.of(function(method).encodeCallWithArgs(arguments).array());
  }

  /**
   * What {@code method} returned.
   *
   * @throws MalformedException if the bytes are no such return value
   */
  Tuple returned(String method, Bytes data) throws MalformedException {
    try {
      return function(method).decodeReturn(data.toArray());
    } catch (IllegalArgumentException | IndexOutOfBoundsException | BufferUnderflowException e) {
      throw new MalformedException(
          name + "." + method + " returned what it never returns: " + data.size() + " bytes", e);
    }
  }

  Bytes creation(Object... arguments) {
    Tuple tuple = Tuple.from(arguments);
    return bytecode.concat(Bytes.of(constructor.getInputs().encode(tuple).array()));
  }

  List<ContractError<Tuple>> errors() {
    return List.copyOf(errors);
  }

  List<Event<Tuple>> events() {
    return List.copyOf(events);
  }
}
