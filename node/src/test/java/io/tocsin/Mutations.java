package io.tocsin;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DynamicTest;

/**
 * The short run of a class of fuzz tests: each of its targets gets its committed inputs changed in
 * 2,000 ways that a fixed seed chooses, so that every build explores the same ones.
 */
public final class Mutations {
  private static final int ROUNDS = 2_000;
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final byte[][] TOKENS =
      Stream.of("0x", "null", "{}", "[]", "1e999", "-1", "9999999999999999999", "\"\"", "\\ud800")
          .map(text -> text.getBytes(java.nio.charset.StandardCharsets.UTF_8))
          .toArray(byte[][]::new);

  private final Random random = new Random(20_260_601);
  private final List<byte[]> seeds;

  private Mutations(List<byte[]> seeds) {
    this.seeds = seeds;
  }

  /** One test for each {@link FuzzTest} of {@code suite}. */
  public static Stream<DynamicTest> of(Object suite) {
    return Arrays.stream(suite.getClass().getDeclaredMethods())
        .filter(method -> method.isAnnotationPresent(FuzzTest.class))
        .map(method -> DynamicTest.dynamicTest(method.getName(), () -> run(suite, method)));
  }

  private static void run(Object suite, Method target) throws IOException {
    target.setAccessible(true);
    Path folder =
        Path.of(
            "src/test/resources",
            suite.getClass().getName().replace('.', '/') + "Inputs",
            target.getName());
    List<byte[]> seeds = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        seeds.add(Files.readAllBytes(file));
      }
    }
    Mutations mutations = new Mutations(seeds);
    Assertions.assertTimeoutPreemptively(
        PATIENCE,
        () -> {
          for (int i = 0; i < ROUNDS; i++) {
            byte[] input = mutations.next();
            try {
              target.invoke(suite, (Object) input);
            } catch (InvocationTargetException e) {
              throw new AssertionError(
                  target + " fails for " + HexFormat.of().formatHex(input), e.getCause());
            }
          }
        });
  }

  private byte[] next() {
    byte[] input = seeds.get(random.nextInt(seeds.size())).clone();
    for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
      input = changed(input);
    }
    return input;
  }

  private byte[] changed(byte[] input) {
    int at = random.nextInt(input.length + 1);
    int end = Math.min(input.length, at + 1 + random.nextInt(16));
    return switch (random.nextInt(6)) {
      case 0 -> joined(input, at, new byte[0], end);
      case 1 -> joined(input, at, Arrays.copyOfRange(input, at, end), at);
      case 2 -> joined(input, at, TOKENS[random.nextInt(TOKENS.length)], end);
      case 3 -> Arrays.copyOf(input, at);
      case 4 -> spliced(input, at);
      default -> flipped(input, at);
    };
  }

  private byte[] flipped(byte[] input, int at) {
    byte[] out = input.clone();
    if (at < out.length) {
      out[at] = random.nextBoolean() ? (byte) (out[at] ^ 1 << random.nextInt(8)) : edge();
    }
    return out;
  }

  private byte edge() {
    byte[] edges = {0, 1, 0x7f, (byte) 0x80, (byte) 0xb8, (byte) 0xc0, (byte) 0xf8, (byte) 0xff};
    return edges[random.nextInt(edges.length)];
  }

  private byte[] spliced(byte[] input, int at) {
    byte[] other = seeds.get(random.nextInt(seeds.size()));
    int from = random.nextInt(other.length + 1);
    int to = from + random.nextInt(other.length - from + 1);
    return joined(input, at, Arrays.copyOfRange(other, from, to), at);
  }

  private static byte[] joined(byte[] input, int at, byte[] middle, int rest) {
    byte[] out = new byte[at + middle.length + input.length - rest];
    System.arraycopy(input, 0, out, 0, at);
    System.arraycopy(middle, 0, out, at, middle.length);
    System.arraycopy(input, rest, out, at + middle.length, input.length - rest);
    return out;
  }
}
