package io.tocsin.app;

import io.tocsin.adapter.contract.BundleRelay;
import io.tocsin.adapter.contract.ChainAccess;
import io.tocsin.adapter.contract.FeePolicy;
import io.tocsin.adapter.contract.GuardianPauses;
import io.tocsin.adapter.contract.GuardianResponder;
import io.tocsin.adapter.contract.PrivateRelay;
import io.tocsin.adapter.contract.ResponderEvents;
import io.tocsin.adapter.contract.TransactionLane;
import io.tocsin.adapter.files.Fault;
import io.tocsin.adapter.files.MandateFile;
import io.tocsin.adapter.rpc.RpcChain;
import io.tocsin.adapter.sqlite.Database;
import io.tocsin.adapter.sqlite.SqliteGasBook;
import io.tocsin.adapter.sqlite.SqliteSentBook;
import io.tocsin.audit.Step;
import io.tocsin.base.AccountId;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Metrics;
import io.tocsin.base.Scope;
import io.tocsin.base.ShownUrl;
import io.tocsin.crypto.KeyPair;
import io.tocsin.pipeline.Records;
import io.tocsin.policy.Judgement;
import io.tocsin.policy.Mandate;
import io.tocsin.policy.Protection;
import io.tocsin.respond.GasBudget;
import io.tocsin.respond.PauseView;
import io.tocsin.respond.Permit;
import io.tocsin.respond.Responder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What a node may do, and the key it does it with. */
final class NodeDefence {
  private final NodeConfig config;
  private final Map<ChainId, RpcChain> chains;
  private final Database database;
  private final Metrics metrics;

  NodeDefence(
      NodeConfig config, Map<ChainId, RpcChain> chains, Database database, Metrics metrics) {
    this.config = config;
    this.chains = Map.copyOf(chains);
    this.database = database;
    this.metrics = metrics;
  }

  /**
   * The mandates of the configuration; all in shadow mode unless the node acts.
   *
   * @throws CommandException naming every fault of the file
   */
  static List<Protection> protections(NodeConfig config, Instant now) {
    Optional<Path> file = config.defence().mandates();
    if (file.isEmpty()) {
      return List.of();
    }
    MandateFile.Loaded loaded = MandateFile.load(file.get(), now);
    if (!loaded.faults().isEmpty()) {
      throw CommandException.usage(
          "the mandates cannot be used:\n  "
              + String.join("\n  ", loaded.faults().stream().map(Fault::toString).toList()));
    }
    return config.basics().acts()
        ? loaded.protections()
        : loaded.protections().stream().map(NodeDefence::shadowed).toList();
  }

  private static Protection shadowed(Protection p) {
    return new Protection(
        p.interest(),
        p.guard(),
        p.sourceChains(),
        p.blockTime(),
        p.valuation(),
        p.mandates().stream().map(NodeDefence::shadowed).toList());
  }

  private static Mandate shadowed(Mandate m) {
    Judgement j = m.judgement();
    return new Mandate(
        m.name(),
        m.id(),
        m.budgetClass(),
        m.lever(),
        m.limits(),
        new Judgement(Judgement.Mode.SHADOW, j.condition(), j.unknownRisk(), j.approval()));
  }

  /** A responder for each guardian that the configured key may trip. */
  Map<AccountId, Responder> open(
      List<Protection> protections, NodeKeys keys, Records records, Scope scope)
      throws IOException, MalformedException {
    Optional<NodeConfig.Responder> responder = config.defence().responder();
    if (responder.isEmpty() || protections.isEmpty()) {
      return Map.of();
    }
    KeyPair key = keys.responder();
    Map<ChainId, Responder> byChain = new HashMap<>();
    Map<AccountId, Responder> byGuardian = new HashMap<>();
    for (Protection protection : protections) {
      AccountId guardian = protection.guard().account();
      RpcChain chain = chains.get(guardian.chain());
      if (chain == null) {
        throw CommandException.usage(
            config.source()
                + ": the guardian "
                + guardian
                + " is on a chain that is not under chains; add it with its endpoints");
      }
      if (!protection.guard().callers().contains(key.address())) {
        throw CommandException.usage(
            responder.get().key()
                + ": the key "
                + key.address()
                + " is none of the callers of the guardian "
                + guardian);
      }
      byGuardian.put(
          guardian,
          byChain.computeIfAbsent(
              guardian.chain(), _ -> responder(key, chain, guardian.chain(), records, scope)));
    }
    return byGuardian;
  }

  /** Where pauses in force are looked at. */
  PauseView pauses(Scope scope) {
    Map<ChainId, ChainAccess> accesses = new HashMap<>();
    chains.forEach(
        (id, chain) -> accesses.put(id, scope.add(new ChainAccess(id, chain.endpoints()))));
    return new GuardianPauses(accesses);
  }

  private Responder responder(
      KeyPair key, RpcChain chain, ChainId id, Records records, Scope scope) {
    NodeConfig.Responder settings = config.defence().responder().orElseThrow();
    ChainAccess access = scope.add(new ChainAccess(id, chain.endpoints()));
    NodeConfig.Bids bids = settings.bids();
    FeePolicy fees = FeePolicy.capped(bids.feeCap(), bids.feeShare());
    ResponderEvents events = new ResponderEvents(metrics);
    TransactionLane lane =
        new TransactionLane(
            key,
            access,
            fees,
            new SqliteSentBook(database),
            new GasBudget(bids.gasPerDay(), new SqliteGasBook(database), records.clock()),
            relays(settings, id, events, scope));
    GuardianResponder.Settings patience = GuardianResponder.Settings.DEFAULT;
    return new GuardianResponder(
        lane,
        new GuardianResponder.Settings(
            settings.gasFloor(), patience.patience(), patience.interval()),
        progress(records),
        events);
  }

  /**
   * Their identity is made for this run and owns nothing: it only tells one sender from another.
   */
  private static List<PrivateRelay> relays(
      NodeConfig.Responder responder, ChainId chain, ResponderEvents events, Scope scope) {
    List<PrivateRelay> relays = new ArrayList<>();
    for (NodeConfig.Relay relay : responder.relays()) {
      if (relay.chain().equals(chain)) {
        KeyPair identity = scope.add(KeyPair.generate(new SecureRandom()));
        relays.add(scope.add(BundleRelay.open(relay.url(), identity, events)));
      }
    }
    return relays;
  }

  private static GuardianResponder.Progress progress(Records records) {
    return new GuardianResponder.Progress() {
      @Override
      public void simulated(Permit permit, JsonNode evidence) {
        records.simulated(permit, evidence);
      }

      @Override
      public void accepted(Permit permit, Hash32 tx) {
        records.sent(permit);
      }
    };
  }

  /** The texts that this run was configured with, for the record, without keys in addresses. */
  static List<Step.Document> documents(NodeConfig config) throws IOException {
    List<Step.Document> documents = new ArrayList<>();
    String source = ShownUrl.maskAll(Files.readString(config.source()));
    documents.add(new Step.Document("configuration", source));
    if (config.defence().mandates().isPresent()) {
      documents.add(document("mandates", config.defence().mandates().get()));
    }
    if (config.membership().isPresent()) {
      documents.add(document("federation", config.membership().get().federation()));
    }
    return documents;
  }

  private static Step.Document document(String name, Path file) throws IOException {
    return new Step.Document(name, Files.readString(file));
  }

  /** What may be done for one contract, a sentence a line. */
  static List<String> describe(Protection protection) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "protects " + protection.interest().name() + " at " + protection.interest().account());
    for (Mandate mandate : protection.mandates()) {
      String may =
          switch (mandate.judgement().mode()) {
            case SHADOW -> "records what it would do";
            case ACT -> "may act";
          };
      lines.add(
          "  under mandate "
              + mandate.name()
              + " ("
              + mandate.budgetClass()
              + ") it "
              + may
              + ": "
              + mandate.lever().name()
              + " for "
              + mandate.limits().duration()
              + ", "
              + mandate.limits().uses()
              + " times, until "
              + mandate.limits().expiry());
    }
    return lines;
  }
}
