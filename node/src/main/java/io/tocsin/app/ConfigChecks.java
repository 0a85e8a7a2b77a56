package io.tocsin.app;

import io.tocsin.adapter.keys.KeyFile;
import io.tocsin.base.AccountId;
import io.tocsin.base.Address;
import io.tocsin.base.MalformedException;
import io.tocsin.policy.Judgement;
import io.tocsin.policy.Mandate;
import io.tocsin.policy.Protection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds what does not fit together between a configuration, its mandates and the files that it
 * names: what a node would refuse at its start, or fail on at the alarm.
 */
final class ConfigChecks {
  private final NodeConfig config;
  private final List<Protection> protections;
  private final List<String> faults = new ArrayList<>();

  private ConfigChecks(NodeConfig config, List<Protection> protections) {
    this.config = config;
    this.protections = protections;
  }

  /** The faults, each with file, line, field and remedy. */
  static List<String> faults(NodeConfig config, List<Protection> protections) {
    ConfigChecks checks = new ConfigChecks(config, protections);
    checks.membership();
    checks.responder();
    checks.protections.forEach(checks::chains);
    return List.copyOf(checks.faults);
  }

  private void fault(String place, String problem) {
    faults.add(place + ": " + problem);
  }

  private void membership() {
    Path file = config.source();
    if (config.membership().isEmpty()) {
      return;
    }
    NodeConfig.Membership membership = config.membership().get();
    if (!Files.isRegularFile(membership.federation())) {
      fault(
          FilePlaces.of(file, "federation", "roster"),
          "federation.roster: there is no "
              + membership.federation()
              + "; get it from a member, or make one with tocsin roster create");
    }
    if (!Files.isDirectory(membership.keys())) {
      fault(
          FilePlaces.of(file, "federation", "keys"),
          "federation.keys: there is no folder "
              + membership.keys()
              + "; make it with tocsin keys create");
    }
  }

  private void responder() {
    Path file = config.source();
    if (config.defence().responder().isEmpty()) {
      acting()
          .ifPresent(
              mandate ->
                  fault(
                      FilePlaces.of(file, "mandates"),
                      "mandates: mode is act and mandate "
                          + mandate.name()
                          + " may act, but there is no key to act with; add responder: with key"
                          + " and password"));
      return;
    }
    Path key = config.defence().responder().get().key();
    if (!Files.isRegularFile(key)) {
      fault(
          FilePlaces.of(file, "responder", "key"),
          "responder.key: there is no "
              + key
              + "; make it with tocsin keys create --role responder");
      return;
    }
    Optional<Address> address = address(key);
    for (Protection protection : protections) {
      if (address.isPresent() && !protection.guard().callers().contains(address.get())) {
        fault(
            FilePlaces.of(mandates(protection), "guardian", "callers"),
            "guardian.callers: the responder "
                + address.get()
                + " (responder.key in "
                + file
                + ") is none of them; add it here and at the guardian "
                + protection.guard().account());
      }
    }
  }

  private Optional<Mandate> acting() {
    return protections.stream()
        .flatMap(protection -> protection.mandates().stream())
        .filter(mandate -> config.basics().acts())
        .filter(mandate -> mandate.judgement().mode() == Judgement.Mode.ACT)
        .findFirst();
  }

  /** Whose key a file keeps, as it says itself: nothing is unlocked here. */
  private Optional<Address> address(Path key) {
    try {
      return KeyFile.address(FileText.read(key));
    } catch (MalformedException e) {
      fault(key.toString(), String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private void chains(Protection protection) {
    AccountId guardian = protection.guard().account();
    if (config.chains().stream().noneMatch(chain -> chain.id().equals(guardian.chain()))) {
      fault(
          FilePlaces.of(mandates(protection), "guardian", "account"),
          "guardian.account: "
              + guardian
              + " is on a chain that is not under chains in "
              + config.source()
              + "; add it there with its endpoints");
    }
  }

  private Path mandates(Protection protection) {
    return FilePlaces.protocol(
        config.defence().mandates().orElse(config.source()), protection.interest().name());
  }
}
