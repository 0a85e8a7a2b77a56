package io.tocsin.base;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place where threads are made. */
public final class Threads {
  private static final Logger LOG = LoggerFactory.getLogger(Threads.class);

  private Threads() {}

  /** Starts blocking work on a virtual thread; a failure that escapes it is logged. */
  public static Thread start(String name, Runnable work) {
    return Thread.ofVirtual()
        .name(name)
        .uncaughtExceptionHandler((t, e) -> LOG.error("{} ended unexpectedly", t.getName(), e))
        .start(work);
  }

  /** One virtual thread a task, for blocking work that is waited for. */
  public static ExecutorService virtual(String name) {
    return Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name(name + "-", 0).factory());
  }

  /**
   * {@code size} daemon platform threads for CPU-bound work with a queue of {@code capacity}; when
   * the queue is full the submitter runs the task itself, so that own findings wait and are never
   * dropped.
   */
  public static ExecutorService cpu(String name, int size, int capacity) {
    return new ThreadPoolExecutor(
        size,
        size,
        0,
        TimeUnit.MILLISECONDS,
        new LinkedBlockingQueue<>(capacity),
        Thread.ofPlatform().name(name + "-", 0).daemon(true).factory(),
        new ThreadPoolExecutor.CallerRunsPolicy());
  }

  /**
   * Runs {@code work} when the program ends, also on an interrupt; running the answer takes that
   * back.
   */
  public static Runnable atExit(String name, Runnable work) {
    Thread hook = Thread.ofPlatform().name(name).unstarted(work);
    Runtime.getRuntime().addShutdownHook(hook);
    return () -> {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        LOG.debug("{} runs: the program is ending", name, e);
      }
    };
  }

  /**
   * Runs {@code work} when the process is told to stop, and ends it with the status that this
   * answers: a stop that was asked for is no failure. Running the answer takes that back.
   */
  public static Runnable onStop(String name, IntSupplier work) {
    return atExit(name, () -> Runtime.getRuntime().halt(work.getAsInt()));
  }
}
