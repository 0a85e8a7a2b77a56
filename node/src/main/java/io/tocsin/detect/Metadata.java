package io.tocsin.detect;

import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;

/** What every detector must say about itself. */
public record Metadata(
    String id,
    String title,
    Severity severity,
    Story story,
    List<String> limits,
    List<URI> references) {
  private static final Pattern ID = Pattern.compile("[a-z]+(-[a-z]+)*");

  /** What the detector looks for, and an attack that it finds. */
  public record Story(String explanation, String scenario) {
    public Story {
      if (explanation.isBlank() || scenario.isBlank()) {
        throw new IllegalArgumentException("a detector has an explanation and a scenario");
      }
    }
  }

  public Metadata {
    limits = List.copyOf(limits);
    references = List.copyOf(references);
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException("a detector's id is words and hyphens, not " + id);
    }
    if (title.isBlank() || limits.isEmpty() || references.isEmpty()) {
      throw new IllegalArgumentException(id + " lacks a title, known limits or references");
    }
  }
}
