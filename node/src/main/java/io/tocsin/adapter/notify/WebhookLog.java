package io.tocsin.adapter.notify;

import io.tocsin.base.EventLog;
import io.tocsin.base.Metrics;
import io.tocsin.pipeline.Pager.Page;
import java.time.Duration;

/** What an operator reads about calls to people; never the webhook's address. */
public final class WebhookLog extends EventLog {
  private static final String COUNTER = "tocsin_pages_total";

  /** The log of webhook {@code name}. */
  public WebhookLog(String name, Metrics metrics) {
    super(name, metrics);
  }

  void delivered() {
    count(COUNTER, "delivered");
  }

  void failed(Page page, String why, Duration pause) {
    count(COUNTER, "failed");
    alarm(
        "page_failed",
        "could not be told \""
            + page.text()
            + "\": "
            + why
            + "; tried again in "
            + pause.toMillis()
            + " ms");
  }

  void dropped(Page page) {
    count(COUNTER, "dropped");
    alarm("page_dropped", "will not be told \"" + page.text() + "\": too many calls wait");
  }

  void undelivered(int calls) {
    alarm("page_undelivered", calls + " calls were not delivered before the node stopped");
  }
}
