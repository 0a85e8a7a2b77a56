package io.tocsin.app;

import io.tocsin.adapter.contract.ChainAccess;
import io.tocsin.adapter.contract.ChainException;
import io.tocsin.adapter.contract.GuardianContract;
import io.tocsin.adapter.rpc.RpcChain;
import io.tocsin.base.AccountId;
import io.tocsin.base.Address;
import io.tocsin.base.ChainId;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Scope;
import io.tocsin.chain.MemoryCursor;
import io.tocsin.identity.Rosters;
import io.tocsin.policy.Mandate;
import io.tocsin.policy.Protection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the endpoints and the guardians of a configuration say beside the files.
 *
 * @param faults what is not as the files say
 * @param notes what people should know that is no fault
 * @param protections those of the files, with the mandates that only the guardians have
 */
record OnlineCheck(List<String> faults, List<String> notes, List<Protection> protections) {
  OnlineCheck {
    faults = List.copyOf(faults);
    notes = List.copyOf(notes);
    protections = List.copyOf(protections);
  }

  /** Asks every endpoint and compares every guardian. */
  static OnlineCheck of(NodeConfig config, List<Protection> protections) {
    try (Scope scope = new Scope()) {
      return new Run(config, scope).of(protections);
    }
  }

  /** One check; used once. */
  private static final class Run {
    private final InstantSource clock = InstantSource.system();
    private final NodeConfig config;
    private final Scope scope;
    private final Map<ChainId, ChainAccess> chains = new HashMap<>();
    private final List<String> faults = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    Run(NodeConfig config, Scope scope) {
      this.config = config;
      this.scope = scope;
    }

    OnlineCheck of(List<Protection> protections) {
      config.chains().forEach(this::connect);
      List<Protection> all = new ArrayList<>();
      for (Protection protection : protections) {
        Optional<ChainAccess> access =
            Optional.ofNullable(chains.get(protection.guard().account().chain()));
        all.add(access.map(chain -> compare(protection, chain)).orElse(protection));
      }
      return new OnlineCheck(faults, notes, all);
    }

    private void connect(NodeConfig.Chain chain) {
      RpcChain rpc =
          scope.add(
              RpcChain.open(
                  NodeChains.config(chain),
                  new RpcChain.Surroundings(clock, new SecureRandom(), new MemoryCursor())));
      rpc.check()
          .forEach(
              (endpoint, problem) ->
                  problem.ifPresent(why -> faults.add(chain.id() + ": " + endpoint + ": " + why)));
      chains.put(chain.id(), scope.add(new ChainAccess(chain.id(), rpc.endpoints())));
    }

    private Protection compare(Protection protection, ChainAccess access) {
      AccountId account = protection.guard().account();
      String name = protection.interest().name();
      if (account.address().equals(Address.ZERO)
          && protection.mandates().stream().allMatch(mandate -> mandate.id().isZero())) {
        notes.add(name + ": there is no guardian yet; make one with tocsin guardian deploy");
        return protection;
      }
      Path file = FilePlaces.protocol(config.defence().mandates().orElseThrow(), name);
      GuardianContract guardian = new GuardianContract(account.address(), access);
      try {
        notes.add(
            name
                + ": guardian "
                + account
                + " of owner "
                + guardian.owner()
                + ", federation "
                + guardian.federation()
                + ", epoch "
                + guardian.currentEpoch());
        Instant now = access.block(Optional.empty()).time();
        GuardianComparison.Result found = GuardianComparison.of(protection, file, guardian, now);
        faults.addAll(found.faults());
        rosters().ifPresent(rosters -> behind(guardian, rosters, now));
        return with(protection, found.unnamed());
      } catch (ChainException e) {
        faults.add(
            FilePlaces.of(file, "guardian", "account")
                + ": guardian.account: it cannot be compared: "
                + e.getMessage());
        return protection;
      }
    }

    private void behind(GuardianContract guardian, Rosters rosters, Instant now) {
      try {
        faults.addAll(GuardianLag.of(guardian, rosters, now));
      } catch (ChainException e) {
        faults.add(guardian.account() + ": its epochs cannot be compared: " + e.getMessage());
      }
    }

    /** Empty where the file is missing or wrong: the check of the files says so. */
    private Optional<Rosters> rosters() {
      Optional<Path> file = config.membership().map(NodeConfig.Membership::federation);
      if (file.isEmpty() || !Files.isRegularFile(file.get())) {
        return Optional.empty();
      }
      try {
        return Optional.of(NodeTown.rosters(file.get(), clock));
      } catch (IOException | MalformedException e) {
        faults.add(String.valueOf(e.getMessage()));
        return Optional.empty();
      }
    }

    private static Protection with(Protection p, List<Mandate> unnamed) {
      List<Mandate> mandates = new ArrayList<>(p.mandates());
      mandates.addAll(unnamed);
      return new Protection(
          p.interest(), p.guard(), p.sourceChains(), p.blockTime(), p.valuation(), mandates);
    }
  }
}
