package io.tocsin.detect.explain;

import io.tocsin.base.Address;
import io.tocsin.chain.TxTrace;
import io.tocsin.detect.Asset;
import io.tocsin.detect.Role;
import io.tocsin.detect.Roles;
import io.tocsin.detect.TokenLabels;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Short names for the accounts of one transaction, by role and number ("pool 2"), and amounts as
 * people read them.
 */
public final class Names {
  /** An account is called by the first of these roles that it has. */
  private static final List<Role> FIRST =
      List.of(
          Role.VICTIM,
          Role.SENDER,
          Role.SENDER_SIDE,
          Role.ENTRY,
          Role.POOL,
          Role.LENDER,
          Role.WRAPPER,
          Role.TOKEN,
          Role.ORACLE,
          Role.ROUTER,
          Role.WAY_IN,
          Role.PROXY,
          Role.IMPLEMENTATION);

  private static final List<Role> ORDER = List.of(Role.values());
  private static final int NATIVE_DECIMALS = 18;
  private static final int FRACTION = 6;

  private final Map<Address, String> tags = new HashMap<>();
  private final Map<Address, Role> leading = new HashMap<>();
  private final TokenLabels labels;
  private final String currency;

  private Names(TokenLabels labels, String currency) {
    this.labels = labels;
    this.currency = currency;
  }

  static Names of(TxTrace trace, Roles roles, TokenLabels labels) {
    Names names = new Names(labels, currency(trace.chain().toString()));
    Map<Role, Integer> counts = new EnumMap<>(Role.class);
    roles
        .all()
        .forEach(
            (account, all) -> {
              Role role = FIRST.stream().filter(all::contains).findFirst().orElseThrow();
              names.leading.put(account, role);
              int number = counts.merge(role, 1, Integer::sum);
              names.tags.put(account, tag(role, all, number));
            });
    return names;
  }

  private static String tag(Role role, Set<Role> all, int number) {
    return switch (role) {
      case SENDER -> "sender";
      case ENTRY -> "entered contract";
      case SENDER_SIDE -> all.contains(Role.ENTRY) ? "sender's contract" : "sender's " + number;
      case WRAPPER -> number == 1 ? "wrapped native" : "wrapped native " + number;
      case VICTIM, WAY_IN, LENDER, POOL, ROUTER, ORACLE, TOKEN, PROXY, IMPLEMENTATION ->
          role.title() + " " + number;
    };
  }

  private static String currency(String chain) {
    return switch (chain) {
      case "eip155:1", "eip155:10", "eip155:8453", "eip155:42161" -> "ETH";
      case "eip155:56" -> "BNB";
      case "eip155:100" -> "xDAI";
      case "eip155:137" -> "POL";
      case "eip155:43114" -> "AVAX";
      default -> "native";
    };
  }

  /** The role that {@code account} is called by. */
  public Optional<Role> role(Address account) {
    return Optional.ofNullable(leading.get(account));
  }

  /** The place of its role in the order of {@link Role}; behind all where it has none. */
  public int rank(Address account) {
    return role(account).map(ORDER::indexOf).orElse(ORDER.size());
  }

  /** Its name by role, or the beginning and end of its address. */
  public String of(Address account) {
    String tag = tags.get(account);
    if (tag == null) {
      int number = new BigInteger(1, account.toArray()).min(BigInteger.valueOf(99)).intValue();
      return number == 0 ? "nobody" : number < 20 ? "precompile " + number : brief(account);
    }
    return labels.symbol(account).map(s -> tag + " “" + s + "”").orElse(tag);
  }

  /** The beginning and end of an address. */
  public static String brief(Address account) {
    String whole = account.toString();
    return whole.substring(0, 8) + "…" + whole.substring(whole.length() - 6);
  }

  /** What {@code asset} is called. */
  public String of(Asset asset) {
    return switch (asset) {
      case Asset.Native _ -> currency;
      case Asset.Token(Address token) -> of(token);
    };
  }

  /** {@code amount} with its asset: in whole units where the decimals are known, else smallest. */
  public String amount(Asset asset, BigInteger amount) {
    return number(asset, amount) + (decimals(asset).isEmpty() ? " units of " : " ") + of(asset);
  }

  /** The same without the asset's name. */
  public String number(Asset asset, BigInteger amount) {
    OptionalInt decimals = decimals(asset);
    if (decimals.isEmpty()) {
      return grouped(new BigDecimal(amount));
    }
    BigDecimal whole = new BigDecimal(amount, decimals.getAsInt());
    BigDecimal shown = whole.setScale(FRACTION, RoundingMode.DOWN);
    boolean lost = shown.signum() == 0 && amount.signum() != 0;
    return lost ? "under 0.000001" : grouped(shown);
  }

  private OptionalInt decimals(Asset asset) {
    return switch (asset) {
      case Asset.Native _ -> OptionalInt.of(NATIVE_DECIMALS);
      case Asset.Token(Address token) -> labels.decimals(token);
    };
  }

  private static String grouped(BigDecimal number) {
    BigDecimal plain = number.stripTrailingZeros();
    String text = plain.scale() < 0 ? plain.setScale(0).toPlainString() : plain.toPlainString();
    int point = text.indexOf('.');
    String whole = point < 0 ? text : text.substring(0, point);
    return whole.replaceAll("(?<=\\d)(?=(\\d{3})+$)", ",")
        + (point < 0 ? "" : text.substring(point));
  }
}
