package io.tocsin.app;

import io.tocsin.adapter.contract.BundleRelay;
import io.tocsin.adapter.files.Fault;
import io.tocsin.adapter.files.Parsers;
import io.tocsin.adapter.files.YamlSection;
import io.tocsin.adapter.keys.SecretRef;
import io.tocsin.base.AccountId;
import io.tocsin.base.ChainId;
import io.tocsin.base.MalformedException;
import io.tocsin.base.ShownUrl;
import io.tocsin.base.Text;
import io.tocsin.base.Wei;
import io.tocsin.detect.DetectConfig;
import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads a node's YAML file, all faults together; the environment and the command line override. */
final class NodeConfigFile {
  /** The settings that the environment and the command line may override. */
  static final List<String> OVERRIDABLE = List.of("name", "data", "mode", "statusPort");

  private static final Duration SLOT = Duration.ofSeconds(12);
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final long DEPTH = 12;
  private static final Duration SILENCE = Duration.ofSeconds(60);
  private static final Duration SHORTEST_SILENCE = Duration.ofSeconds(20);
  private static final long STATUS_PORT = 9464;

  private final Path folder;
  private final List<Fault> faults;

  private NodeConfigFile(Path file, List<Fault> faults) {
    Path parent = file.toAbsolutePath().getParent();
    this.folder = parent == null ? Path.of(".") : parent;
    this.faults = faults;
  }

  /** What was read, and everything wrong with it. */
  record Loaded(Optional<NodeConfig> config, List<Fault> faults) {}

  /**
   * Reads {@code file}.
   *
   * @param overrides values of {@code TOCSIN_*} variables and of options, by key, see {@link
   *     #OVERRIDABLE}
   */
  static Loaded load(Path file, Map<String, String> overrides) {
    List<Fault> faults = new ArrayList<>();
    Optional<YamlSection> root = YamlSection.read(file, faults);
    if (root.isEmpty()) {
      return new Loaded(Optional.empty(), faults);
    }
    NodeConfig config;
    try (YamlSection section = root.get()) {
      config = new NodeConfigFile(file, faults).config(section, overrides);
    }
    return new Loaded(faults.isEmpty() ? Optional.of(config) : Optional.empty(), faults);
  }

  private NodeConfig config(YamlSection root, Map<String, String> overrides) {
    NodeConfig.Basics basics =
        new NodeConfig.Basics(
            over(root, overrides, "name", Parsers::text).orElse("tocsin"),
            over(root, overrides, "data", this::path).orElse(folder.resolve("data")),
            over(root, overrides, "mode", NodeConfigFile::acts).orElse(false),
            over(root, overrides, "statusPort", Parsers.whole(0, 65_535))
                .orElse(STATUS_PORT)
                .intValue(),
            webhooks(root));
    Optional<NodeConfig.Membership> membership = root.section("federation").map(this::membership);
    List<NodeConfig.Chain> chains = root.sections("chains").stream().map(this::chain).toList();
    if (chains.isEmpty()) {
      root.fault("chains", "at least one chain with an endpoint is needed");
    }
    Set<ChainId> ids = new HashSet<>();
    for (NodeConfig.Chain chain : chains) {
      if (!ids.add(chain.id())) {
        root.fault(
            "chains", chain.id() + " is given twice; list all its endpoints under one entry");
      }
    }
    return new NodeConfig(
        root.file(), basics, membership, chains, detection(root), defence(root, ids));
  }

  private static DetectConfig detection(YamlSection root) {
    DetectConfig usual = DetectConfig.DEFAULT;
    Optional<YamlSection> given = root.section("detection");
    if (given.isEmpty()) {
      return usual;
    }
    try (YamlSection section = given.get()) {
      try {
        return new DetectConfig(
            section
                .value("maxFrames", Parsers.whole(1, 1_000_000))
                .orElse((long) usual.maxFrames())
                .intValue(),
            section.value("minShare", NodeConfigFile::number).orElse(usual.minShare()),
            section
                .value("minShareIfGiven", NodeConfigFile::number)
                .orElse(usual.minShareIfGiven()),
            section.value("dust", NodeConfigFile::number).orElse(usual.dust()),
            section.value("minPriceFactor", NodeConfigFile::number).orElse(usual.minPriceFactor()),
            section
                .value("maxQueries", Parsers.whole(0, 10_000))
                .orElse((long) usual.maxQueries())
                .intValue());
      } catch (IllegalArgumentException e) {
        root.fault("detection", String.valueOf(e.getMessage()));
        return usual;
      }
    }
  }

  private static Double number(String text) throws MalformedException {
    if (!text.matches("[0-9]{1,6}([.][0-9]{1,9})?")) {
      throw new MalformedException("expected a number such as 0.1, found " + Text.excerpt(text));
    }
    return Double.valueOf(text);
  }

  private List<String> webhooks(YamlSection root) {
    List<String> references = new ArrayList<>();
    for (YamlSection entry : root.sections("notify")) {
      try (entry) {
        entry.required("webhook", this::secret).ifPresent(references::add);
      }
    }
    return references;
  }

  private <T> Optional<T> over(
      YamlSection root, Map<String, String> overrides, String key, YamlSection.Parser<T> parser) {
    Optional<T> fromFile = root.value(key, parser);
    String value = overrides.get(key);
    if (value == null) {
      return fromFile;
    }
    try {
      return Optional.of(parser.parse(value));
    } catch (MalformedException e) {
      faults.add(
          new Fault(
              root.file(),
              0,
              0,
              key,
              "overridden by " + Text.excerpt(value) + ": " + e.getMessage()));
      return fromFile;
    }
  }

  private Path path(String text) throws MalformedException {
    try {
      return folder.resolve(Parsers.text(text)).normalize();
    } catch (InvalidPathException e) {
      throw new MalformedException("not a path: " + Text.excerpt(text), e);
    }
  }

  private static boolean acts(String text) throws MalformedException {
    return switch (text) {
      case "shadow" -> false;
      case "act" -> true;
      default ->
          throw new MalformedException("expected shadow or act, found " + Text.excerpt(text));
    };
  }

  private NodeConfig.Membership membership(YamlSection section) {
    try (section) {
      return new NodeConfig.Membership(
          section.required("roster", this::path).orElse(folder),
          section.required("keys", this::path).orElse(folder),
          section.required("password", this::secret).orElse(""),
          section
              .value("listen", NodeConfigFile::socket)
              .orElse(InetSocketAddress.createUnresolved("127.0.0.1", 7700)),
          section.value("silence", NodeConfigFile::silence).orElse(SILENCE));
    }
  }

  /** Members are heard every ten seconds; one word may be lost. */
  private static Duration silence(String text) throws MalformedException {
    Duration silence = Parsers.duration(text);
    if (silence.compareTo(SHORTEST_SILENCE) < 0) {
      throw new MalformedException("expected at least 20s, found " + Text.excerpt(text));
    }
    return silence;
  }

  /** A file is found as every other path of the configuration is. */
  private String secret(String text) throws MalformedException {
    SecretRef found = SecretRef.parse(text);
    return switch (found) {
      case SecretRef.FirstLine(Path file) ->
          new SecretRef.FirstLine(path(file.toString())).toString();
      case SecretRef.Variable _, SecretRef.Prompt _ -> found.toString();
    };
  }

  private static InetSocketAddress socket(String text) throws MalformedException {
    int colon = text.lastIndexOf(':');
    if (colon <= 0) {
      throw new MalformedException("expected host:port, found " + Text.excerpt(text));
    }
    long port = Parsers.whole(0, 65_535).parse(text.substring(colon + 1));
    return InetSocketAddress.createUnresolved(text.substring(0, colon), (int) port);
  }

  private NodeConfig.Chain chain(YamlSection section) {
    try (section) {
      List<NodeConfig.Endpoint> endpoints = new ArrayList<>();
      for (YamlSection entry : section.sections("endpoints")) {
        try (entry) {
          endpoints.add(
              new NodeConfig.Endpoint(
                  entry.required("url", this::endpoint).orElse(""),
                  entry.required("operator", Parsers::text).orElse("")));
        }
      }
      if (endpoints.isEmpty()) {
        section.fault("endpoints", "at least one endpoint with url and operator is needed");
      }
      return new NodeConfig.Chain(
          section.required("id", Parsers::chain).orElse(ChainId.evm(1)),
          section.value("slot", Parsers::duration).orElse(SLOT),
          section.value("patience", Parsers::duration).orElse(PATIENCE),
          section.value("pending", Parsers::flag).orElse(true),
          section.value("depth", Parsers.whole(1, 255)).orElse(DEPTH).intValue(),
          endpoints);
    }
  }

  private String endpoint(String text) throws MalformedException {
    if (text.startsWith("ipc:")) {
      return "ipc:" + path(text.substring(4));
    }
    try {
      URI uri = URI.create(text);
      if (uri.getHost() != null
          && Set.of("http", "https", "ws", "wss").contains(String.valueOf(uri.getScheme()))) {
        return text;
      }
    } catch (IllegalArgumentException e) {
      throw new MalformedException("not a URL: " + Text.excerpt(ShownUrl.of(text).toString()), e);
    }
    throw new MalformedException(
        "expected ipc:PATH, ws://…, wss://…, http://… or https://…, found "
            + Text.excerpt(ShownUrl.of(text).toString()));
  }

  private NodeConfig.Defence defence(YamlSection root, Set<ChainId> chains) {
    Map<AccountId, String> watched = new LinkedHashMap<>();
    for (YamlSection entry : root.sections("protect")) {
      try (entry) {
        Optional<AccountId> account = entry.required("account", Parsers::account);
        Optional<String> name = entry.required("name", Parsers::text);
        if (account.isPresent() && !chains.contains(account.get().chain())) {
          entry.fault("account", "this node watches no such chain; add it under chains");
        }
        if (account.isPresent() && name.isPresent()) {
          watched.put(account.get(), name.get());
        }
      }
    }
    return new NodeConfig.Defence(
        watched,
        root.value("mandates", this::path),
        root.section("responder").map(section -> responder(section, chains)));
  }

  private NodeConfig.Responder responder(YamlSection section, Set<ChainId> chains) {
    NodeConfig.Bids usual = NodeConfig.Bids.DEFAULT;
    try (section) {
      return new NodeConfig.Responder(
          section.required("key", this::path).orElse(folder),
          section.required("password", this::secret).orElse(""),
          section.value("gasFloor", NodeConfigFile::ether).orElse(ether(5, 2)),
          new NodeConfig.Bids(
              section.value("feeCap", NodeConfigFile::cap).orElse(usual.feeCap()),
              section.value("feeShare", NodeConfigFile::share).orElse(usual.feeShare()),
              section.value("gasPerDay", NodeConfigFile::ether).orElse(usual.gasPerDay())),
          relays(section, chains));
    }
  }

  private static List<NodeConfig.Relay> relays(YamlSection responder, Set<ChainId> chains) {
    List<NodeConfig.Relay> relays = new ArrayList<>();
    for (YamlSection entry : responder.sections("relays")) {
      try (entry) {
        Optional<ChainId> chain = entry.required("chain", Parsers::chain);
        Optional<String> url = entry.required("url", NodeConfigFile::relay);
        if (chain.isPresent() && !chains.contains(chain.get())) {
          entry.fault("chain", "this node watches no such chain; add it under chains");
        }
        if (chain.isPresent() && url.isPresent()) {
          relays.add(new NodeConfig.Relay(chain.get(), url.get()));
        }
      }
    }
    return relays;
  }

  private static String relay(String text) throws MalformedException {
    try {
      return BundleRelay.checked(text).toString();
    } catch (IllegalArgumentException e) {
      throw new MalformedException(String.valueOf(e.getMessage()), e);
    }
  }

  private static Wei cap(String text) throws MalformedException {
    Wei cap = gwei(text);
    if (cap.compareTo(Wei.ZERO) == 0) {
      throw new MalformedException("nothing can be sent for nothing; expected an amount above 0");
    }
    return cap;
  }

  private static Double share(String text) throws MalformedException {
    Double share = number(text);
    if (share <= 0 || share > 1) {
      throw new MalformedException(
          "expected a share of the value at risk above 0 and at most 1, found "
              + Text.excerpt(text));
    }
    return share;
  }

  private static Wei ether(long unscaled, int scale) {
    return new Wei(BigDecimal.valueOf(unscaled, scale).scaleByPowerOfTen(18).toBigIntegerExact());
  }

  private static Wei ether(String text) throws MalformedException {
    return scaled(text, 18, "ether");
  }

  private static Wei gwei(String text) throws MalformedException {
    return scaled(text, 9, "gwei");
  }

  private static Wei scaled(String text, int digits, String unit) throws MalformedException {
    String suffix = " " + unit;
    if (!text.endsWith(suffix)) {
      throw new MalformedException("expected an amount such as \"0.05 " + unit + "\"");
    }
    BigDecimal amount = Parsers.amount(text.substring(0, text.length() - suffix.length()));
    try {
      return new Wei(amount.scaleByPowerOfTen(digits).toBigIntegerExact());
    } catch (ArithmeticException | IllegalArgumentException e) {
      throw new MalformedException("not a whole number of wei: " + Text.excerpt(text), e);
    }
  }
}
