package io.tocsin.app.demo;

import com.esaulpaugh.headlong.abi.Function;
import com.esaulpaugh.headlong.abi.TupleType;
import io.tocsin.app.CommandException;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A compiled contract: creation code in hex with gaps where the addresses of its libraries belong.
 */
final class Artifact {
  private final String name;
  private final String code;
  private final Map<String, List<Integer>> gaps;
  private final TupleType<?> constructor;

  private Artifact(
      String name, String code, Map<String, List<Integer>> gaps, TupleType<?> constructor) {
    this.name = name;
    this.code = code;
    this.gaps = Map.copyOf(gaps);
    this.constructor = constructor;
  }

  /** Reads the artifact that a compiler left at {@code file}. */
  static Artifact read(Path file) {
    try {
      String name = String.valueOf(file.getFileName()).replace(".json", "");
      return parse(name, Json.parse(Files.readAllBytes(file)));
    } catch (IOException | MalformedException e) {
      throw CommandException.environment(
          "cannot read the artifact " + file + ": " + e.getMessage());
    }
  }

  /** Reads one of our own contracts, which ship with the program. */
  static Artifact own(String name) {
    String resource = "/io/tocsin/contracts/" + name + ".json";
    try (InputStream in = Artifact.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the program lacks its resource " + resource);
      }
      return parse(name, Json.parse(in.readAllBytes()));
    } catch (IOException | MalformedException e) {
      throw new IllegalStateException("cannot read " + resource, e);
    }
  }

  /**
   * Reads an artifact of Hardhat, Waffle or our own build.
   *
   * @throws MalformedException if it has no {@code abi} or {@code bytecode}
   */
  static Artifact parse(String name, JsonNode artifact) throws MalformedException {
    JsonNode code = artifact.path("bytecode");
    String hex = code.isObject() ? Json.text(code, "object") : Json.text(artifact, "bytecode");
    Map<String, List<Integer>> gaps = new HashMap<>();
    for (JsonNode file : artifact.path("linkReferences")) {
      file.properties()
          .forEach(
              library -> {
                List<Integer> starts = new ArrayList<>();
                library.getValue().forEach(gap -> starts.add(gap.path("start").asInt()));
                gaps.merge(library.getKey(), starts, (a, b) -> concat(a, b));
              });
    }
    TupleType<?> constructor = TupleType.EMPTY;
    for (JsonNode entry : artifact.path("abi")) {
      if (entry.path("type").asString("").equals("constructor")) {
        constructor = Function.fromJson(entry.toString()).getInputs();
      }
    }
    return new Artifact(name, hex.startsWith("0x") ? hex.substring(2) : hex, gaps, constructor);
  }

  private static List<Integer> concat(List<Integer> a, List<Integer> b) {
    List<Integer> all = new ArrayList<>(a);
    all.addAll(b);
    return all;
  }

  /** The contract's name. */
  String name() {
    return name;
  }

  /** The input of the transaction that creates the contract. */
  Bytes creation(Map<String, Address> libraries, Object... arguments) {
    StringBuilder linked = new StringBuilder(code);
    gaps.forEach(
        (library, starts) -> {
          Address address = libraries.get(library);
          if (address == null) {
            throw new IllegalArgumentException(name + " needs the library " + library);
          }
          String hex = address.toString().substring(2);
          starts.forEach(start -> linked.replace(start * 2, start * 2 + 40, hex));
        });
    return Bytes.hex("0x" + linked).concat(AbiCalls.encode(constructor, Arrays.asList(arguments)));
  }
}
