package io.tocsin.app;

import io.tocsin.adapter.keys.SecretRef;
import io.tocsin.adapter.notify.Webhook;
import io.tocsin.adapter.notify.WebhookLog;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Metrics;
import io.tocsin.base.Scope;
import io.tocsin.pipeline.Pager;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Whom a node calls in need. */
final class NodePager {
  private NodePager() {}

  /**
   * Every webhook of the configuration, called for every page.
   *
   * @throws CommandException if an address is missing or no webhook
   */
  static Pager open(NodeConfig config, Metrics metrics, Scope scope)
      throws IOException, MalformedException {
    List<Pager> all = new ArrayList<>();
    for (String reference : config.basics().webhooks()) {
      String place = config.source() + ": notify " + reference;
      char[] url = SecretRef.parse(reference).resolve("the webhook");
      try {
        all.add(
            scope.add(
                Webhook.open(
                    new String(url),
                    Webhook.Pace.DEFAULT,
                    new WebhookLog(config.basics().name(), metrics))));
      } catch (IllegalArgumentException e) {
        throw CommandException.usage(place + ": " + e.getMessage());
      } finally {
        Arrays.fill(url, '\0');
      }
    }
    return page -> all.forEach(pager -> pager.page(page));
  }
}
