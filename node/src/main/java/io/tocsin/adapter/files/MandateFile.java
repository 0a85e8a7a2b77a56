package io.tocsin.adapter.files;

import io.tocsin.base.AccountId;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Text;
import io.tocsin.exposure.AssetId;
import io.tocsin.exposure.Interest;
import io.tocsin.exposure.Interest.DerivedTerms;
import io.tocsin.exposure.Interest.TokenTie;
import io.tocsin.policy.Lever;
import io.tocsin.policy.Mandate;
import io.tocsin.policy.Protection;
import io.tocsin.risk.Valuation;
import io.tocsin.risk.Valuation.PriceSource;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reads what owners wrote about their contracts: one YAML file a contract, described in {@code
 * docs/mandates.md}. Every fault of every file is reported with its place.
 */
public final class MandateFile {
  private static final Duration BLOCK_TIME = Duration.ofSeconds(12);
  private static final Duration FEED_AGE = Duration.ofHours(2);
  private static final long MOST_CALLERS = 20;
  private static final long MOST_DECIMALS = 77;

  private final YamlSection root;
  private final List<Fault> faults;
  private final Instant now;

  private MandateFile(YamlSection root, List<Fault> faults, Instant now) {
    this.root = root;
    this.faults = faults;
    this.now = now;
  }

  /** What was read; files with faults are left out. */
  public record Loaded(List<Protection> protections, List<Fault> faults) {
    public Loaded {
      protections = List.copyOf(protections);
      faults = List.copyOf(faults);
    }
  }

  /**
   * Reads one file, or all files of a folder that end in {@code .yaml} or {@code .yml}.
   *
   * @param now the time against which expiries are checked
   */
  public static Loaded load(Path path, Instant now) {
    List<Fault> faults = new ArrayList<>();
    List<Protection> protections = new ArrayList<>();
    Map<String, Path> names = new LinkedHashMap<>();
    for (Path file : files(path, faults)) {
      List<Fault> own = new ArrayList<>();
      Optional<Protection> protection =
          YamlSection.read(file, own).flatMap(s -> new MandateFile(s, own, now).protection());
      protection.ifPresent(
          p -> {
            Path other = names.putIfAbsent(p.interest().name(), file);
            if (other != null) {
              own.add(new Fault(file, 1, 1, "protocol", "the same name as in " + other));
            }
          });
      if (own.isEmpty()) {
        protection.ifPresent(protections::add);
      }
      faults.addAll(own);
    }
    return new Loaded(protections, faults);
  }

  private static List<Path> files(Path path, List<Fault> faults) {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> entries = Files.list(path)) {
      List<Path> files =
          entries
              .filter(f -> f.toString().endsWith(".yaml") || f.toString().endsWith(".yml"))
              .sorted()
              .toList();
      if (files.isEmpty()) {
        faults.add(new Fault(path, 0, 0, "", "holds no .yaml file"));
      }
      return files;
    } catch (IOException e) {
      faults.add(new Fault(path, 0, 0, "", "cannot be read: " + e.getMessage()));
      return List.of();
    }
  }

  private Optional<Protection> protection() {
    try (root) {
      Optional<String> name = root.required("protocol", Parsers::text);
      Optional<AccountId> contract = root.required("contract", Parsers::account);
      Duration blockTime = root.value("blockTime", Parsers::duration).orElse(BLOCK_TIME);
      Set<ChainId> sources = new HashSet<>(root.list("sourceChains", Parsers::chain));
      contract.filter(_ -> sources.isEmpty()).ifPresent(c -> sources.add(c.chain()));
      Optional<Protection.Guard> guard = guard();
      DerivedTerms terms = terms();
      Optional<Interest> interest =
          name.isPresent() && contract.isPresent()
              ? Optional.of(interest(name.get(), contract.get(), terms))
              : Optional.empty();
      List<Valuation.Priced> value = value(contract.map(AccountId::chain));
      Map<String, Lever> levers = levers();
      MandateSections reader = new MandateSections(now, levers);
      List<Mandate> mandates = reader.read(root.sections("mandates"));
      if (mandates.isEmpty() && faults.isEmpty()) {
        root.fault("mandates", "there is none; write at least one");
      }
      if (interest.isEmpty() || guard.isEmpty() || contract.isEmpty()) {
        return Optional.empty();
      }
      Protection protection =
          new Protection(
              interest.get(),
              guard.get(),
              sources,
              blockTime,
              new Valuation(contract.get(), value),
              mandates);
      new ProtectionChecks(protection, root, reader).run();
      return Optional.of(protection);
    }
  }

  private Optional<Protection.Guard> guard() {
    Optional<YamlSection> section = root.section("guardian");
    if (section.isEmpty()) {
      root.fault("guardian", "is missing; name the guardian contract and its callers");
      return Optional.empty();
    }
    try (YamlSection guardian = section.get()) {
      Optional<AccountId> account = guardian.required("account", Parsers::account);
      List<Address> callers = guardian.list("callers", Parsers::address);
      if (callers.isEmpty() || callers.size() > MOST_CALLERS) {
        guardian.fault("callers", "from 1 to 20 responder accounts are needed");
      }
      Optional<Duration> cap = guardian.required("pausedCap", Parsers::duration);
      if (cap.isPresent()
          && (cap.get().toSeconds() < 1 || cap.get().compareTo(Duration.ofDays(15)) > 0)) {
        guardian.fault("pausedCap", "from 1s to 15d");
      }
      return account.isPresent() && cap.isPresent()
          ? Optional.of(new Protection.Guard(account.get(), callers, cap.get()))
          : Optional.empty();
    }
  }

  private Interest interest(String name, AccountId contract, DerivedTerms terms) {
    Set<AccountId> libraries = new HashSet<>();
    Set<AccountId> sources = new HashSet<>();
    List<TokenTie> tokens = new ArrayList<>();
    root.section("dependsOn")
        .ifPresent(
            section -> {
              try (section) {
                libraries.addAll(section.list("libraries", Parsers::account));
                sources.addAll(section.list("priceSources", Parsers::account));
                section.sections("tokens").forEach(s -> token(s).ifPresent(tokens::add));
              }
            });
    return new Interest(name, contract, libraries, sources, tokens, terms);
  }

  private static Optional<TokenTie> token(YamlSection section) {
    try (section) {
      Optional<String> symbol = section.required("symbol", Parsers::text);
      Optional<AccountId> token = section.required("token", Parsers::account);
      Set<AccountId> minters = new HashSet<>(section.list("minters", Parsers::account));
      Set<AccountId> bridges = new HashSet<>(section.list("bridges", Parsers::account));
      return symbol.isPresent() && token.isPresent()
          ? Optional.of(new TokenTie(symbol.get(), token.get(), minters, bridges))
          : Optional.empty();
    }
  }

  private DerivedTerms terms() {
    Optional<YamlSection> section = root.section("derived");
    if (section.isEmpty()) {
      return DerivedTerms.NEVER;
    }
    try (YamlSection derived = section.get()) {
      Duration age =
          derived.value("minimumAge", Parsers::duration).orElse(DerivedTerms.MINIMUM_AGE);
      Map<AccountId, String> siblings = new LinkedHashMap<>();
      for (YamlSection s : derived.sections("siblings")) {
        try (s) {
          Optional<AccountId> account = s.required("account", Parsers::account);
          Optional<String> name = s.required("name", Parsers::text);
          if (account.isPresent()
              && name.isPresent()
              && siblings.putIfAbsent(account.get(), name.get()) != null) {
            s.fault("account", "listed twice");
          }
        }
      }
      Map<AssetId, BigInteger> floors = new LinkedHashMap<>();
      for (YamlSection s : derived.sections("floors")) {
        floor(s, floors);
      }
      return new DerivedTerms(siblings, age, floors);
    }
  }

  private static void floor(YamlSection section, Map<AssetId, BigInteger> floors) {
    try (section) {
      Optional<AssetId> asset = section.required("asset", AssetId::parse);
      Optional<Long> decimals = section.required("decimals", Parsers.whole(0, MOST_DECIMALS));
      Optional<BigDecimal> amount = section.required("amount", Parsers::amount);
      if (asset.isPresent() && decimals.isPresent() && amount.isPresent()) {
        try {
          floors.put(
              asset.get(),
              amount.get().movePointRight(decimals.get().intValue()).toBigIntegerExact());
        } catch (ArithmeticException _) {
          section.fault("amount", "has more digits than the asset's decimals");
        }
      }
    }
  }

  private List<Valuation.Priced> value(Optional<ChainId> home) {
    List<Valuation.Priced> priced = new ArrayList<>();
    for (YamlSection section : root.sections("value")) {
      try (section) {
        Optional<AssetId> asset = section.required("asset", AssetId::parse);
        Optional<String> symbol = section.required("symbol", Parsers::text);
        Optional<Long> decimals = section.required("decimals", Parsers.whole(0, MOST_DECIMALS));
        Optional<PriceSource> price = price(section);
        if (asset.isPresent() && home.isPresent() && !asset.get().chain().equals(home.get())) {
          section.fault("asset", "is not on the contract's chain " + home.get());
        }
        if (asset.isPresent() && symbol.isPresent() && decimals.isPresent() && price.isPresent()) {
          priced.add(
              new Valuation.Priced(
                  asset.get(), symbol.get(), decimals.get().intValue(), price.get()));
        }
      }
    }
    return priced;
  }

  private static Optional<PriceSource> price(YamlSection section) {
    Optional<BigDecimal> usd = section.value("usd", Parsers::amount);
    Optional<Address> feed = section.value("feed", Parsers::address);
    long decimals = section.value("feedDecimals", Parsers.whole(0, 36)).orElse(8L);
    Duration maxAge = section.value("feedMaxAge", Parsers::duration).orElse(FEED_AGE);
    if (section.has("usd") == section.has("feed")) {
      section.fault("usd", "give either usd, a fixed price, or feed, the address of a price feed");
    }
    return usd.<PriceSource>map(PriceSource.Fixed::new)
        .or(() -> feed.map(f -> new PriceSource.Feed(f, (int) decimals, maxAge)));
  }

  private Map<String, Lever> levers() {
    Map<String, Lever> levers = new LinkedHashMap<>();
    for (YamlSection section : root.sections("levers")) {
      try (section) {
        Optional<String> name = section.required("name", Parsers::text);
        Optional<Address> target = section.required("target", Parsers::address);
        Address safe = section.value("safe", Parsers::address).orElse(Address.ZERO);
        Optional<Bytes> call = section.required("call", CallText::parse);
        Optional<Bytes> release = section.required("release", CallText::parse);
        Optional<Lever.Probe> probe = target.flatMap(t -> probe(section, t));
        long rung = section.value("rung", Parsers.whole(1, 100)).orElse(1L);
        List<String> blocks = section.list("blocks", Parsers::text);
        if (name.isPresent()
            && target.isPresent()
            && call.isPresent()
            && release.isPresent()
            && probe.isPresent()) {
          Lever.Calls calls = new Lever.Calls(call.get(), release.get(), probe.get());
          Lever lever = new Lever(name.get(), target.get(), safe, calls, (int) rung, blocks);
          if (levers.putIfAbsent(name.get(), lever) != null) {
            section.fault("name", "given to two levers");
          }
        }
      }
    }
    return levers;
  }

  private static Optional<Lever.Probe> probe(YamlSection lever, Address target) {
    Optional<YamlSection> section = lever.section("probe");
    if (section.isEmpty()) {
      lever.fault("probe", "is missing; say which call tells that the target is paused");
      return Optional.empty();
    }
    try (YamlSection probe = section.get()) {
      Address account = probe.value("account", Parsers::address).orElse(target);
      Optional<Bytes> call = probe.required("call", CallText::parse);
      Hash32 bit = CallText.wordOf(BigInteger.ONE);
      Hash32 expected = probe.value("expected", MandateFile::word).orElse(bit);
      Hash32 mask = probe.value("mask", Hash32::parse).orElse(bit);
      try {
        return call.map(c -> new Lever.Probe(account, c, mask, expected));
      } catch (IllegalArgumentException e) {
        probe.fault("mask", String.valueOf(e.getMessage()));
        return Optional.empty();
      }
    }
  }

  private static Hash32 word(String text) throws MalformedException {
    return switch (text) {
      case "true" -> CallText.wordOf(BigInteger.ONE);
      case "false" -> Hash32.ZERO;
      default -> {
        if (!text.startsWith("0x")) {
          throw new MalformedException(
              "expected true, false or 32 bytes of hex, found " + Text.excerpt(text));
        }
        yield Hash32.parse(text);
      }
    };
  }
}
