package io.tocsin;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {
  private static final String ROOT = "io.tocsin.";
  private static final List<String> ORDER =
      Arrays.asList(
          ("base, crypto, identity, gossip, chain, expression, stix, detect, claim, disclosure,"
                  + " feed, trust, quorum, exposure, risk, policy, respond, audit, pipeline,"
                  + " adapter, app")
              .split(", "));

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("/contracts/"))
          .importPackages("io.tocsin");

  private static String packageOf(JavaClass type) {
    String name = type.getPackageName();
    if (!name.startsWith(ROOT)) {
      return "";
    }
    String[] parts = name.substring(ROOT.length()).split("\\.", 3);
    return parts[0].equals("adapter") && parts.length > 1 ? "adapter." + parts[1] : parts[0];
  }

  private static int rank(String owner) {
    return ORDER.indexOf(owner.startsWith("adapter.") ? "adapter" : owner);
  }

  @Test
  void packagesImportOnlyFromTheirLeft() {
    List<String> faults = new ArrayList<>();
    for (JavaClass type : MAIN) {
      String from = packageOf(type);
      if (rank(from) < 0) {
        faults.add(type.getName() + " is in no known package");
      }
      type.getDirectDependenciesFromSelf()
          .forEach(
              dependency -> {
                JavaClass target = dependency.getTargetClass();
                String to = packageOf(target);
                boolean own = target.getPackageName().startsWith("io.tocsin");
                boolean adapters = from.startsWith("adapter.") && to.startsWith("adapter.");
                if (own && !to.equals(from) && (rank(to) >= rank(from) || adapters)) {
                  faults.add(dependency.getDescription());
                }
              });
    }
    assertThat(faults).isEmpty();
  }

  @Test
  void architecturePageShowsTheSameOrder() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "architecture.md"));
    assertThat(page.replaceAll("\\s+", " "))
        .contains(String.join(", ", ORDER).replace("adapter,", "adapter.*,"));
  }

  @Test
  void timeAndRandomnessAreArguments() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.tocsin.app..")
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Clock.class, "systemUTC")
        .orShould()
        .callMethod(Math.class, "random")
        .orShould()
        .callConstructor(java.util.Random.class)
        .orShould()
        .callMethod(java.util.concurrent.ThreadLocalRandom.class, "current")
        .check(MAIN);
  }

  @Test
  void threadsAreMadeInOnePlace() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("io.tocsin.base.Threads")
        .should()
        .callMethod(Thread.class, "ofVirtual")
        .orShould()
        .callMethod(Thread.class, "ofPlatform")
        .orShould()
        .callConstructor(Thread.class)
        .orShould()
        .callMethod(Thread.class, "startVirtualThread", Runnable.class)
        .check(MAIN);
  }

  @Test
  void namesSayWhatAThingIs() {
    classes().should().haveNameNotMatching(".*(Impl|Manager|Helper|Util|Utils)").check(MAIN);
    noClasses()
        .should()
        .resideInAnyPackage("..common..", "..util..", "..model..", "..impl..")
        .check(MAIN);
  }
}
