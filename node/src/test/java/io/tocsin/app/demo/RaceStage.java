package io.tocsin.app.demo;

import io.tocsin.respond.SentBook;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** One world for the races of a class, each of which starts from the same block. */
abstract class RaceStage {
  @TempDir static Path directory = Path.of("");

  @SuppressWarnings("NullAway.Init") // set before all tests
  static RaceWorld world;

  @SuppressWarnings("NullAway.Init") // set before every test
  private JsonNode before;

  final SentBook book = SentBook.memory();

  @BeforeAll
  static void build() throws InterruptedException, IOException {
    world = new RaceWorld(directory);
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  @BeforeEach
  void remember() {
    before = world.chain.snapshot();
  }

  @AfterEach
  void forget() throws InterruptedException {
    world.restore(before);
  }
}
