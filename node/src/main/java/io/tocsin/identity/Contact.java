package io.tocsin.identity;

import io.tocsin.base.Text;
import java.util.regex.Pattern;

/**
 * Where a member is reached and who runs it.
 *
 * @param endpoint {@code host:port} of its mesh listener
 * @param operator the name of the organisation behind it: members of one operator count together
 */
public record Contact(String endpoint, String operator) {
  private static final Pattern ENDPOINT =
      Pattern.compile("(?:[A-Za-z0-9._-]{1,253}|\\[[0-9a-fA-F:.]{2,45}]):[0-9]{1,5}");
  private static final int MAX_OPERATOR = 64;

  public Contact {
    if (!ENDPOINT.matcher(endpoint).matches() || port(endpoint) > 65_535) {
      throw new IllegalArgumentException(
          "endpoint: expected host:port, found " + Text.excerpt(endpoint));
    }
    if (operator.isBlank()
        || operator.length() > MAX_OPERATOR
        || !operator.equals(operator.strip())
        || !Text.printable(operator).equals(operator)) {
      throw new IllegalArgumentException(
          "operator: expected a name of 1 to 64 printable characters, found "
              + Text.excerpt(operator));
    }
  }

  private static int port(String endpoint) {
    return Integer.parseInt(endpoint, endpoint.lastIndexOf(':') + 1, endpoint.length(), 10);
  }

  /** The host name or address, without the brackets of IPv6. */
  public String host() {
    String host = endpoint.substring(0, endpoint.lastIndexOf(':'));
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /** The TCP port. */
  public int port() {
    return port(endpoint);
  }
}
