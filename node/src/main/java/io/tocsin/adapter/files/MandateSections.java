package io.tocsin.adapter.files;

import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.expression.Condition;
import io.tocsin.policy.BudgetClass;
import io.tocsin.policy.Facts;
import io.tocsin.policy.Judgement;
import io.tocsin.policy.Judgement.Approval;
import io.tocsin.policy.Judgement.Mode;
import io.tocsin.policy.Judgement.UnknownRisk;
import io.tocsin.policy.Lever;
import io.tocsin.policy.Limits;
import io.tocsin.policy.Mandate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the {@code mandates} of a mandate file. */
final class MandateSections {
  private static final Duration LONGEST_AGE = Duration.ofHours(1);
  private static final long MOST_USES = 100;

  private final Instant now;
  private final Map<String, Lever> levers;
  private final Map<String, YamlSection> sections = new HashMap<>();

  MandateSections(Instant now, Map<String, Lever> levers) {
    this.now = now;
    this.levers = levers;
  }

  /** The section in which a mandate is written. */
  YamlSection sectionOf(Mandate mandate) {
    YamlSection section = sections.get(mandate.name());
    if (section == null) {
      throw new IllegalStateException("no mandate " + mandate.name() + " was read");
    }
    return section;
  }

  List<Mandate> read(List<YamlSection> listed) {
    List<Mandate> mandates = new ArrayList<>();
    for (YamlSection section : listed) {
      try (section) {
        mandate(section).ifPresent(mandates::add);
      }
    }
    return mandates;
  }

  private Optional<Mandate> mandate(YamlSection section) {
    Optional<String> name = section.required("name", Parsers::text);
    Hash32 id = section.value("id", Hash32::parse).orElse(Hash32.ZERO);
    Optional<BudgetClass> budgetClass = section.required("class", Parsers.oneOf(BudgetClass.class));
    Optional<Lever> lever = section.required("lever", this::lever);
    Optional<Limits> limits = limits(section, budgetClass);
    Judgement judgement = judgement(section);
    if (judgement.mode() == Mode.ACT && id.isZero() && !section.has("id")) {
      section.fault(
          "mode",
          "act needs the id that the guardian contract gave this mandate; see tocsin guardian"
              + " status");
    }
    if (name.isEmpty() || budgetClass.isEmpty() || lever.isEmpty() || limits.isEmpty()) {
      return Optional.empty();
    }
    if (sections.putIfAbsent(name.get(), section) != null) {
      section.fault("name", "given to two mandates");
      return Optional.empty();
    }
    return Optional.of(
        new Mandate(name.get(), id, budgetClass.get(), lever.get(), limits.get(), judgement));
  }

  private Lever lever(String name) throws MalformedException {
    Lever lever = levers.get(name);
    if (lever == null) {
      throw new MalformedException(
          "no such lever; known: " + String.join(", ", levers.keySet().stream().sorted().toList()));
    }
    return lever;
  }

  private Optional<Limits> limits(YamlSection section, Optional<BudgetClass> budgetClass) {
    boolean local = budgetClass.filter(c -> c == BudgetClass.LOCAL).isPresent();
    if (local && section.has("maxAge")) {
      section.fault("maxAge", "a local mandate has none: it rests on no claim");
    }
    Duration maxAge = seconds(section, "maxAge").orElse(local ? Duration.ZERO : Limits.MAX_AGE);
    if (!local && (maxAge.isZero() || maxAge.compareTo(LONGEST_AGE) > 0)) {
      section.fault("maxAge", "from 1s to 1h");
    }
    Optional<Long> uses = section.required("uses", Parsers.whole(1, MOST_USES));
    Optional<Duration> cooldown = seconds(section, "cooldown");
    Optional<Duration> duration = seconds(section, "duration");
    for (String key : List.of("cooldown", "duration")) {
      if (!section.has(key)) {
        section.fault(key, "is missing");
      }
    }
    if (duration.isPresent() && budgetClass.isPresent()) {
      Duration longest = budgetClass.get().longest();
      if (duration.get().isZero() || duration.get().compareTo(longest) > 0) {
        section.fault(
            "duration",
            "from 1s to " + longest.toSeconds() + "s for the class " + budgetClass.get());
      }
    }
    Optional<Instant> expiry = section.required("expiry", Parsers::instant);
    if (expiry.isPresent() && !expiry.get().isAfter(now)) {
      section.fault("expiry", "has passed; renew the mandate");
    }
    if (uses.isEmpty() || cooldown.isEmpty() || duration.isEmpty() || expiry.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Limits(maxAge, uses.get().intValue(), cooldown.get(), duration.get(), expiry.get()));
  }

  private static Optional<Duration> seconds(YamlSection section, String key) {
    return section.value(
        key,
        text -> {
          Duration value = Parsers.duration(text);
          if (value.toNanosPart() != 0) {
            throw new MalformedException("the guardian contract counts whole seconds");
          }
          return value;
        });
  }

  private static Judgement judgement(YamlSection section) {
    Mode mode = section.value("mode", Parsers.oneOf(Mode.class)).orElse(Mode.SHADOW);
    Optional<Condition> condition = section.value("when", MandateSections::condition);
    UnknownRisk unknown =
        section.value("unknownRisk", Parsers.oneOf(UnknownRisk.class)).orElse(UnknownRisk.ALERT);
    Approval approval =
        section.value("approval", Parsers.oneOf(Approval.class)).orElse(Approval.NONE);
    return new Judgement(mode, condition, unknown, approval);
  }

  private static Condition condition(String source) throws MalformedException {
    return switch (Condition.compile(source, Facts.VOCABULARY)) {
      case Condition.Compiled.Ready(Condition condition) -> condition;
      case Condition.Compiled.Faulty(List<Condition.Fault> faults) -> {
        List<String> lines =
            faults.stream()
                .map(
                    f ->
                        "line "
                            + f.line()
                            + ", column "
                            + f.column()
                            + " of the condition: "
                            + f.message())
                .toList();
        throw new MalformedException(
            String.join("; ", lines) + "; known: " + Facts.VOCABULARY.listed());
      }
    };
  }
}
