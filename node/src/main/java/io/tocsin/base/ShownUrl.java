package io.tocsin.base;

import static java.util.regex.Matcher.quoteReplacement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The address of a service as people may read it: who answers there, without user, password, path
 * and query, any of which may be a key. Nothing is shown of what is no URL, because that may be a
 * key put in the wrong place. Paths of sockets and files are shown whole.
 */
public final class ShownUrl {
  /** Shorter parts of an address are words like {@code v3}, not keys. */
  private static final int SHORTEST_KEY = 6;

  private static final Pattern ADDRESS =
      Pattern.compile("\\b(?:https?|wss?)://[^\\s\"']+", Pattern.CASE_INSENSITIVE);

  private final String text;
  private final List<String> keys = new ArrayList<>();

  private ShownUrl(String url) {
    String lower = url.toLowerCase(Locale.ROOT);
    if (lower.startsWith("/") || lower.startsWith("./") || lower.startsWith("ipc:")) {
      text = url;
      return;
    }
    int scheme = url.indexOf("://");
    if (scheme < 0) {
      text = url.isEmpty() ? "" : "…";
      return;
    }
    int start = scheme + 3;
    int end = start;
    while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
      end++;
    }
    int user = url.lastIndexOf('@', end - 1);
    int host = user < start ? start : user + 1;
    String rest = url.substring(end);
    text = url.substring(0, start) + url.substring(host, end) + (rest.length() > 1 ? "/…" : "");
    if (host > start) {
      keys.add(url.substring(start, host - 1));
    }
    keys.add(rest.startsWith("/") ? rest.substring(1) : rest);
    for (String part : (url.substring(start, host) + rest).split("[/?#&=:@]", -1)) {
      keys.add(part);
    }
    keys.removeIf(key -> key.length() < SHORTEST_KEY);
    keys.sort(Comparator.comparingInt(String::length).reversed());
  }

  /** How {@code url}, which may be malformed, is shown. */
  public static ShownUrl of(String url) {
    return new ShownUrl(url);
  }

  /** {@code text} with each address of a network service in it as it is shown. */
  public static String maskAll(String text) {
    return ADDRESS
        .matcher(text)
        .replaceAll(found -> quoteReplacement(of(found.group()).toString()));
  }

  /** {@code said} by the service or about it, without what may be a key of the address. */
  public String mask(String said) {
    String masked = said;
    for (String key : keys) {
      masked = masked.replace(key, "…");
    }
    return masked;
  }

  /** Scheme, host and port; {@code /…} stands for the rest. */
  @Override
  public String toString() {
    return text;
  }
}
