package io.tocsin.adapter.files;

import io.tocsin.base.MalformedException;
import io.tocsin.base.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A mapping of a YAML file. Reading a value that is missing, of the wrong kind or refused by its
 * parser adds a {@link Fault} and answers empty; {@link #close} adds one for every key that nobody
 * asked for. Owned by the thread that reads the file.
 */
public final class YamlSection implements AutoCloseable {
  private static final int LARGEST = 4 << 20;
  private static final int DEEPEST = 32;

  private final Path file;
  private final String path;
  private final Node place;
  private final List<Fault> faults;
  private final Map<String, Node> values = new LinkedHashMap<>();
  private final Set<String> asked = new HashSet<>();

  private YamlSection(Path file, String path, Node place, List<Fault> faults) {
    this.file = file;
    this.path = path;
    this.place = place;
    this.faults = faults;
  }

  /** Turns the text of a value into a value. */
  @FunctionalInterface
  public interface Parser<T> {
    /**
     * The value.
     *
     * @throws MalformedException saying what is wrong and what to write instead
     */
    T parse(String text) throws MalformedException;
  }

  /**
   * Reads the file's one document, which must be a mapping; what is wrong is added to {@code
   * faults}. Aliases are refused, so that a small file cannot stand for a large one.
   */
  public static Optional<YamlSection> read(Path file, List<Fault> faults) {
    String text;
    try {
      if (Files.size(file) > LARGEST) {
        faults.add(new Fault(file, 0, 0, "", "larger than 4 MiB; is this the right file?"));
        return Optional.empty();
      }
      text = Files.readString(file);
    } catch (IOException e) {
      String why =
          Files.exists(file) ? "cannot be read: " + e.getMessage() : "there is no such file";
      faults.add(new Fault(file, 0, 0, "", why));
      return Optional.empty();
    }
    LoadSettings settings =
        LoadSettings.builder().setMaxAliasesForCollections(0).setUseMarks(true).build();
    try {
      requireShallow(settings, text);
      Optional<Node> root = new Compose(settings).composeString(text);
      if (root.isEmpty()) {
        faults.add(new Fault(file, 1, 1, "", "the file is empty"));
        return Optional.empty();
      }
      return section(file, "", root.get(), faults);
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(m -> m.getLine() + 1).orElse(0);
      int column = e.getProblemMark().map(m -> m.getColumn() + 1).orElse(0);
      faults.add(new Fault(file, line, column, "", "not valid YAML: " + e.getProblem()));
      return Optional.empty();
    } catch (YamlEngineException e) {
      faults.add(new Fault(file, 0, 0, "", "not valid YAML: " + e.getMessage()));
      return Optional.empty();
    }
  }

  /** Composing recurses, and would end in a stack overflow. */
  private static void requireShallow(LoadSettings settings, String text) {
    int depth = 0;
    for (Event event : new Parse(settings).parseString(text)) {
      if (event instanceof CollectionStartEvent && ++depth > DEEPEST) {
        throw new YamlEngineException("nested deeper than " + DEEPEST + " levels");
      }
      if (event instanceof CollectionEndEvent) {
        depth--;
      }
    }
  }

  private static Optional<YamlSection> section(
      Path file, String path, Node node, List<Fault> faults) {
    YamlSection section = new YamlSection(file, path, node, faults);
    if (!(node instanceof MappingNode mapping)) {
      section.fault(node, path, "expected keys with values");
      return Optional.empty();
    }
    for (NodeTuple tuple : mapping.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        section.fault(tuple.getKeyNode(), path, "a key must be plain text");
      } else if (section.values.putIfAbsent(key.getValue(), tuple.getValueNode()) != null) {
        section.fault(key, section.at(key.getValue()), "given twice; keep one");
      }
    }
    return Optional.of(section);
  }

  private String at(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private void fault(Node node, String field, String problem) {
    Optional<Mark> mark = node.getStartMark();
    faults.add(
        new Fault(
            file,
            mark.map(m -> m.getLine() + 1).orElse(0),
            mark.map(m -> m.getColumn() + 1).orElse(0),
            field,
            problem));
  }

  /** Adds a fault at the value of {@code key}, or at this section when it has none. */
  public void fault(String key, String problem) {
    fault(values.getOrDefault(key, place), at(key), problem);
  }

  /** The place of {@code key} for messages: {@code file:line}. */
  public String placeOf(String key) {
    Node node = values.getOrDefault(key, place);
    return file + node.getStartMark().map(m -> ":" + (m.getLine() + 1)).orElse("");
  }

  /** The file this section is in; relative paths in it are resolved against its folder. */
  public Path file() {
    return file;
  }

  private Optional<Node> node(String key) {
    asked.add(key);
    return Optional.ofNullable(values.get(key))
        .filter(n -> !(n instanceof ScalarNode s && isNull(s)));
  }

  private static boolean isNull(ScalarNode scalar) {
    return scalar.getScalarStyle() == ScalarStyle.PLAIN
        && (scalar.getValue().isEmpty()
            || scalar.getValue().equals("null")
            || scalar.getValue().equals("~"));
  }

  /** Whether the section has a value for {@code key}. */
  public boolean has(String key) {
    return values.containsKey(key);
  }

  /** The value of {@code key} read by {@code parser}; empty when absent or wrong. */
  public <T> Optional<T> value(String key, Parser<T> parser) {
    return node(key).flatMap(n -> parsed(n, at(key), parser));
  }

  /** Like {@link #value}, and a fault when the key is absent. */
  public <T> Optional<T> required(String key, Parser<T> parser) {
    Optional<Node> node = node(key);
    if (node.isEmpty()) {
      fault(place, at(key), "is missing");
      return Optional.empty();
    }
    return parsed(node.get(), at(key), parser);
  }

  private <T> Optional<T> parsed(Node node, String field, Parser<T> parser) {
    if (!(node instanceof ScalarNode scalar)) {
      fault(node, field, "expected one value");
      return Optional.empty();
    }
    try {
      return Optional.of(parser.parse(scalar.getValue()));
    } catch (MalformedException e) {
      fault(node, field, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  /** The values of the list {@code key}; a single value counts as a list of one. */
  public <T> List<T> list(String key, Parser<T> parser) {
    List<T> out = new ArrayList<>();
    Optional<Node> node = node(key);
    if (node.isPresent() && node.get() instanceof SequenceNode sequence) {
      int i = 0;
      for (Node item : sequence.getValue()) {
        parsed(item, at(key) + "[" + i++ + "]", parser).ifPresent(out::add);
      }
    } else if (node.isPresent()) {
      parsed(node.get(), at(key), parser).ifPresent(out::add);
    }
    return out;
  }

  /** The section under {@code key}; empty when absent or no mapping. */
  public Optional<YamlSection> section(String key) {
    return node(key).flatMap(n -> section(file, at(key), n, faults));
  }

  /** The sections of the list {@code key}. */
  public List<YamlSection> sections(String key) {
    List<YamlSection> out = new ArrayList<>();
    Optional<Node> node = node(key);
    if (node.isPresent() && node.get() instanceof SequenceNode sequence) {
      int i = 0;
      for (Node item : sequence.getValue()) {
        section(file, at(key) + "[" + i++ + "]", item, faults).ifPresent(out::add);
      }
    } else {
      node.ifPresent(n -> fault(n, at(key), "expected a list"));
    }
    return out;
  }

  /** Adds a fault for every key that was never asked for. */
  @Override
  public void close() {
    for (Map.Entry<String, Node> entry : values.entrySet()) {
      if (!asked.contains(entry.getKey())) {
        fault(
            entry.getValue(),
            at(entry.getKey()),
            "unknown key; known here: " + String.join(", ", asked.stream().sorted().toList()));
      }
    }
  }

  @Override
  public String toString() {
    return Text.printable(path.isEmpty() ? file.toString() : path);
  }
}
