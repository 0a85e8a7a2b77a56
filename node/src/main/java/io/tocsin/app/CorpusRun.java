package io.tocsin.app;

import io.tocsin.adapter.files.CorpusFolder;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Threads;
import io.tocsin.detect.evaluate.Labelled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * Does the same with every transaction of a corpus, on a fixed pool, one file at a time on each
 * thread; what comes of it keeps the order of the corpus.
 */
record CorpusRun<T>(List<T> results, List<String> failures, List<String> notes) {
  /** Where the corpus that ships with Tocsin is. */
  static Path shipped() {
    return Path.of(System.getProperty("tocsin.home", "."), "corpus");
  }

  /** Reads {@code directory}; {@code word} says what is being done, for the progress line. */
  static <T> CorpusRun<T> of(Path directory, Function<Labelled, T> work, Output output, String word)
      throws InterruptedException {
    CorpusFolder folder = open(directory);
    List<CorpusFolder.Item> items = folder.items();
    CorpusRun<T> all = new CorpusRun<>(new ArrayList<>(), new ArrayList<>(), folder.notes());
    int threads = Runtime.getRuntime().availableProcessors();
    try (ExecutorService pool = Threads.cpu(word, threads, items.size())) {
      List<Future<CorpusRun<T>>> parts = new ArrayList<>();
      items.forEach(item -> parts.add(pool.submit(() -> part(folder, item, work))));
      for (int i = 0; i < items.size(); i++) {
        CorpusRun<T> part = await(parts.get(i));
        all.results.addAll(part.results);
        all.failures.addAll(part.failures);
        progress(output, word, i + 1, items.size());
      }
    }
    return all;
  }

  private static CorpusFolder open(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw CommandException.usage(
          directory + " is no directory; name one that holds exploits/ or benign/");
    }
    try {
      CorpusFolder folder = CorpusFolder.open(directory);
      if (folder.items().isEmpty()) {
        throw CommandException.usage(
            directory + " holds neither exploits/*.json.gz nor benign/*.json.gz");
      }
      return folder;
    } catch (IOException e) {
      throw CommandException.environment("cannot read " + directory + ": " + FileText.reason(e));
    } catch (MalformedException e) {
      throw CommandException.usage(directory + ": " + e.getMessage() + "; mend or remove the file");
    }
  }

  private static <T> CorpusRun<T> part(
      CorpusFolder folder, CorpusFolder.Item item, Function<Labelled, T> work) {
    CorpusRun<T> part = new CorpusRun<>(new ArrayList<>(), new ArrayList<>(), List.of());
    folder.read(
        item,
        new CorpusFolder.Sink() {
          @Override
          public void read(Labelled labelled) {
            try {
              part.results.add(work.apply(labelled));
            } catch (RuntimeException e) {
              part.failures.add(
                  labelled.label().file()
                      + ", "
                      + labelled.trace().tx()
                      + ": the scan failed: "
                      + e);
            }
          }

          @Override
          public void unreadable(String what) {
            part.failures.add(what);
          }
        });
    return part;
  }

  private static <T> CorpusRun<T> await(Future<CorpusRun<T>> part) throws InterruptedException {
    try {
      return part.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private static void progress(Output output, String word, int done, int all) {
    if (output.decorated()) {
      String end = done == all ? "\r\u001b[K" : "";
      System.err.print("\r" + word + " " + done + " of " + all + " files" + end);
      System.err.flush();
    }
  }
}
