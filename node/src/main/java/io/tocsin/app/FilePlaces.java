package io.tocsin.app;

import io.tocsin.adapter.files.Fault;
import io.tocsin.adapter.files.Parsers;
import io.tocsin.adapter.files.YamlSection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where a value stands that was read before, for messages about how values fit together. */
final class FilePlaces {
  private FilePlaces() {}

  /** The place of {@code keys}, each in the section of the one before, as {@code file:line}. */
  static String of(Path file, String... keys) {
    Optional<YamlSection> section = YamlSection.read(file, new ArrayList<>());
    String place = file.toString();
    for (String key : keys) {
      if (section.isEmpty()) {
        return place;
      }
      place = section.get().placeOf(key);
      section = section.get().has(key) ? section.get().section(key) : Optional.empty();
    }
    return place;
  }

  /** The file of {@code mandates}, which may be a folder, that describes {@code protocol}. */
  static Path protocol(Path mandates, String protocol) {
    return files(mandates).stream()
        .filter(
            file ->
                YamlSection.read(file, new ArrayList<>())
                    .flatMap(section -> section.value("protocol", Parsers::text))
                    .filter(protocol::equals)
                    .isPresent())
        .findFirst()
        .orElse(mandates);
  }

  /** The place of {@code key} in the mandate called {@code name}. */
  static String mandate(Path file, String name, String key) {
    List<Fault> ignored = new ArrayList<>();
    return YamlSection.read(file, ignored).stream()
        .flatMap(root -> root.sections("mandates").stream())
        .filter(one -> one.value("name", Parsers::text).filter(name::equals).isPresent())
        .map(one -> one.placeOf(key))
        .findFirst()
        .orElse(file.toString());
  }

  private static List<Path> files(Path path) {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> entries = Files.list(path)) {
      return entries
          .filter(file -> file.toString().endsWith(".yaml") || file.toString().endsWith(".yml"))
          .sorted()
          .toList();
    } catch (IOException e) {
      return List.of(path);
    }
  }
}
