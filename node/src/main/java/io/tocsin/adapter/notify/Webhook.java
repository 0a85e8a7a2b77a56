package io.tocsin.adapter.notify;

import io.tocsin.base.Bytes;
import io.tocsin.base.CanonicalJson;
import io.tocsin.base.Json;
import io.tocsin.base.Threads;
import io.tocsin.pipeline.Pager;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.node.ObjectNode;

/**
 * Sends each call as a JSON {@code POST}: {@code text} (which chat services show), {@code node},
 * {@code why}, {@code at}. Whatever is not answered with a status of 2xx is tried again, slower and
 * slower, in order, until it is: a receiver may see a call twice. At most {@value #CAPACITY} calls
 * wait; when more come, the oldest is dropped, because the newest matters most, and that is an
 * alarm. Thread-safe.
 */
public final class Webhook implements Pager, AutoCloseable {
  static final int CAPACITY = 256;

  private final URI url;
  private final Pace pace;
  private final WebhookLog log;
  private final HttpClient client;
  private final Thread sender;
  private final Deque<Page> waiting = new ArrayDeque<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();

  /**
   * How patient it is.
   *
   * @param timeout for one try
   * @param first pause after a failed try; doubled after each further one
   * @param longest pause
   */
  public record Pace(Duration timeout, Duration first, Duration longest) {
    /** Ten seconds a try, pauses from one second to five minutes. */
    public static final Pace DEFAULT =
        new Pace(Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofMinutes(5));
  }

  private Webhook(URI url, Pace pace, WebhookLog log) {
    this.url = url;
    this.pace = pace;
    this.log = log;
    this.client =
        HttpClient.newBuilder()
            .connectTimeout(pace.timeout())
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    this.sender = Threads.start("webhook", this::send);
  }

  /**
   * A webhook at {@code url}, which is a secret with most services and never shown.
   *
   * @throws IllegalArgumentException if it is neither https nor http on loopback; the message does
   *     not repeat it
   */
  public static Webhook open(String url, Pace pace, WebhookLog log) {
    URI uri;
    try {
      uri = URI.create(url.strip());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the webhook is no URL", e);
    }
    String host = Optional.ofNullable(uri.getHost()).orElse("");
    boolean loopback = host.equals("localhost") || host.equals("127.0.0.1") || host.equals("[::1]");
    if (host.isEmpty()
        || !("https".equals(uri.getScheme()) || ("http".equals(uri.getScheme()) && loopback))) {
      throw new IllegalArgumentException(
          "a webhook must start with https://, or http:// on this machine");
    }
    return new Webhook(uri, pace, log);
  }

  @Override
  public void page(Page page) {
    lock.lock();
    try {
      if (waiting.size() >= CAPACITY) {
        log.dropped(waiting.removeFirst());
      }
      waiting.addLast(page);
      filled.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void send() {
    try {
      while (true) {
        Page page = next();
        Duration pause = pace.first();
        Optional<String> fault = attempt(page);
        while (fault.isPresent()) {
          if (Thread.interrupted()) {
            throw new InterruptedException();
          }
          log.failed(page, fault.get(), pause);
          Thread.sleep(pause);
          pause = shorter(pause.multipliedBy(2), pace.longest());
          page = next();
          fault = attempt(page);
        }
        done(page);
      }
    } catch (InterruptedException e) {
      // Closed.
      Thread.currentThread().interrupt();
    }
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }

  private Page next() throws InterruptedException {
    lock.lock();
    try {
      while (waiting.isEmpty()) {
        filled.await();
      }
      return waiting.getFirst();
    } finally {
      lock.unlock();
    }
  }

  private void done(Page page) {
    lock.lock();
    try {
      waiting.remove(page);
    } finally {
      lock.unlock();
    }
    log.delivered();
  }

  /** Why the receiver did not take {@code page}; empty if it did. */
  private Optional<String> attempt(Page page) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .timeout(pace.timeout())
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body(page).toArray()))
            .build();
    try {
      int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
      return status / 100 == 2 ? Optional.empty() : Optional.of("it answers " + status);
    } catch (IOException e) {
      return Optional.of(e.getClass().getSimpleName());
    }
  }

  private static Bytes body(Page page) {
    ObjectNode body = Json.object();
    body.put("text", "[" + page.node() + "] " + page.text());
    body.put("node", page.node());
    body.put("why", page.why().name());
    body.put("at", page.at().toString());
    return CanonicalJson.write(body);
  }

  /** Stops; what was not delivered is lost, and said so. */
  @Override
  public void close() {
    sender.interrupt();
    client.shutdownNow();
    lock.lock();
    try {
      if (!waiting.isEmpty()) {
        log.undelivered(waiting.size());
      }
    } finally {
      lock.unlock();
    }
  }
}
