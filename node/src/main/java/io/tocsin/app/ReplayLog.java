package io.tocsin.app;

import io.tocsin.base.Address;
import io.tocsin.base.ChainId;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.detect.Detectors;
import io.tocsin.detect.evaluate.PastBlock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How far a replay of a chain's history has come: a file of JSON lines, the question first, then
 * one line a block. A line that was cut off when the process ended is left out and written again.
 * Owned by one thread.
 */
final class ReplayLog implements AutoCloseable {
  /** Which blocks of which chain are looked at, for which contracts. */
  record Question(ChainId chain, Set<Address> watched, long from, long to) {
    String line() {
      ObjectNode out =
          Json.object()
              .put("replay", 1)
              .put("chain", chain.toString())
              .put("from", from)
              .put("to", to);
      ArrayNode all = out.putArray("watched");
      new TreeSet<>(watched).forEach(w -> all.add(w.toString()));
      ArrayNode detectors = out.putArray("detectors");
      Detectors.ALL.forEach(d -> detectors.add(d.metadata().id()));
      return new String(Json.write(out), StandardCharsets.UTF_8);
    }
  }

  private final Path file;
  private final FileChannel channel;
  private final List<PastBlock> done;

  private ReplayLog(Path file, FileChannel channel, List<PastBlock> done) {
    this.file = file;
    this.channel = channel;
    this.done = done;
  }

  /** Opens {@code file}, made if it is not there; it must answer the same question. */
  static ReplayLog open(Path file, Question question) {
    try {
      List<PastBlock> done = new ArrayList<>();
      long kept = 0;
      if (Files.isRegularFile(file) && Files.size(file) > 0) {
        kept = read(file, question, done);
      }
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      ReplayLog log = new ReplayLog(file, channel, done);
      channel.truncate(kept);
      channel.position(kept);
      if (kept == 0) {
        log.append(question.line());
      }
      return log;
    } catch (IOException e) {
      throw CommandException.environment(
          "cannot use " + file + ": " + FileText.reason(e) + "; name another with --progress");
    }
  }

  private static long read(Path file, Question question, List<PastBlock> done) throws IOException {
    String text = Files.readString(file, StandardCharsets.UTF_8);
    int at = 0;
    int number = 0;
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', at)) {
      String line = text.substring(at, end);
      number++;
      if (number == 1 && !line.equals(question.line())) {
        throw CommandException.usage(
            file
                + " holds the progress of another replay (chain, blocks, contracts or detectors"
                + " differ); remove it or name another with --progress");
      }
      if (number > 1) {
        done.add(block(file, line, number, question.from() + done.size()));
      }
      at = end + 1;
    }
    return text.substring(0, at).getBytes(StandardCharsets.UTF_8).length;
  }

  private static PastBlock block(Path file, String line, int number, long expected) {
    try {
      PastBlock block = PastBlock.parse(Json.parse(line.getBytes(StandardCharsets.UTF_8)));
      if (block.number() != expected) {
        throw new MalformedException("expected block " + expected + ", found " + block.number());
      }
      return block;
    } catch (MalformedException e) {
      throw CommandException.usage(
          file + ", line " + number + ": " + e.getMessage() + "; remove the file to begin anew");
    }
  }

  /** The blocks that are done, in ascending order. */
  List<PastBlock> done() {
    return done;
  }

  /** Writes down that a block is done. */
  void add(PastBlock block) {
    try {
      append(new String(Json.write(block.json()), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw CommandException.environment("cannot write " + file + ": " + FileText.reason(e));
    }
    done.add(block);
  }

  private void append(String line) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw CommandException.environment("cannot close " + file + ": " + FileText.reason(e));
    }
  }
}
