package io.tocsin.adapter.files;

import java.nio.file.Path;

/**
 * What is wrong with one value of a file.
 *
 * @param line from 1; 0 when the file as a whole is meant
 * @param field the path of the value, such as {@code chains[0].endpoints[1].url}
 * @param problem what is wrong, and what to do
 */
public record Fault(Path file, int line, int column, String field, String problem) {
  @Override
  public String toString() {
    String place = line > 0 ? file + ":" + line + ":" + column : file.toString();
    return place + ": " + (field.isEmpty() ? "" : field + ": ") + problem;
  }
}
