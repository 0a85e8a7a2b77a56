package io.tocsin.app.demo;

import io.tocsin.app.CheckCommand;
import io.tocsin.app.CommandException;
import io.tocsin.app.Node;
import io.tocsin.app.NodeConfig;
import io.tocsin.base.AccountId;
import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.base.Scope;
import io.tocsin.base.Threads;
import io.tocsin.crypto.KeyPair;
import io.tocsin.identity.Federation;
import io.tocsin.identity.FederationFile;
import io.tocsin.identity.Member;
import io.tocsin.identity.Roster;
import io.tocsin.identity.Rosters;
import io.tocsin.identity.SignedRoster;
import io.tocsin.identity.Term;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Founds the federation of the demonstration: keys, roster, guardians on chain, and one running
 * node a member.
 */
final class TownBuilder {
  private static final Duration TERM = Duration.ofDays(90);
  private static final Duration READY = Duration.ofSeconds(20);

  private final DemoWorld world;
  private final Path folder;
  private final List<Resident> residents = new ArrayList<>();
  private final Rosters rosters;
  private final Map<Lender, DemoTown.Guard> guardians = new LinkedHashMap<>();

  /** Makes keys and the founding roster, with every member's files under {@code folder}. */
  TownBuilder(DemoWorld world, Path folder, InstantSource clock) throws IOException {
    this.world = world;
    this.folder = folder;
    for (Cast cast : Cast.ALL) {
      residents.add(Resident.settle(cast, folder, clock.instant()));
    }
    this.rosters = found(residents, federationFile(), clock);
  }

  /**
   * Founds the federation of {@code residents}, all of whom sign, and writes it to {@code file}.
   */
  static Rosters found(List<Resident> residents, Path file, InstantSource clock)
      throws IOException {
    List<Member> members = new ArrayList<>();
    for (Resident resident : residents) {
      members.add(resident.member());
    }
    Instant today = clock.instant().truncatedTo(ChronoUnit.SECONDS).minus(Duration.ofDays(1));
    Roster roster = new Roster(1, Hash32.ZERO, new Term(today, today.plus(TERM)), members);
    byte[] nonce = new byte[32];
    new SecureRandom().nextBytes(nonce);
    Federation federation = Federation.founded(roster.hash(), Hash32.of(nonce));
    SignedRoster signed = new SignedRoster(roster, List.of());
    for (Resident resident : residents) {
      try (KeyPair attest = resident.attest()) {
        signed = signed.endorse(attest, federation.domain());
      }
    }
    return switch (Rosters.found(signed, Hash32.of(nonce), clock)) {
      case Rosters.Founding.Founded(Rosters founded) -> {
        Files.writeString(file, FederationFile.of(founded, Hash32.of(nonce)).write());
        yield founded;
      }
      case Rosters.Founding.Refused(var fault, String detail) ->
          throw new IllegalStateException("the town cannot be founded: " + fault + ", " + detail);
    };
  }

  private Path federationFile() {
    return folder.resolve("federation.json");
  }

  /** Deploys each lender's guardian and lets it pause; used before the blocks tick. */
  void appointGuardians() {
    Guardians founder = founder();
    for (Lender lender : world.lenders()) {
      guardians.put(
          lender,
          founder.found(lender, Guardians.MINED, sisters(lender), owner(lender).responder()));
    }
    Lender fresh = world.fresh();
    guardians.put(
        fresh, founder.found(fresh, Guardians.WAITING, List.of(), owner(fresh).responder()));
  }

  private Guardians founder() {
    Roster roster = rosters.latest().roster();
    Instant expiry = roster.term().until();
    return new Guardians(rosters.federation(), roster, type -> Guardians.limits(type, expiry));
  }

  private List<AccountId> sisters(Lender lender) {
    return world.lenders().stream()
        .filter(other -> !other.equals(lender))
        .map(Lender::account)
        .toList();
  }

  private Resident owner(Lender lender) {
    return residents.stream()
        .filter(r -> r.cast().name().equals(lender.name()))
        .findFirst()
        .orElseThrow();
  }

  /** Opens every member's node and waits until each has seen a block of every chain. */
  DemoTown open(Scope scope) throws IOException, InterruptedException {
    Chronicle chronicle = new Chronicle();
    MemberFiles files = new MemberFiles(world.chains(), federationFile());
    List<MemberNode> nodes = new ArrayList<>();
    try (ExecutorService opening = Threads.virtual("opening")) {
      List<Future<MemberNode>> all = new ArrayList<>();
      for (Resident resident : residents) {
        all.add(opening.submit(() -> open(resident, files, chronicle)));
      }
      for (Future<MemberNode> one : all) {
        nodes.add(scope.add(one.get()));
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof CommandException sentence
          ? sentence
          : new IllegalStateException("a node did not open", e.getCause());
    }
    int wanted = nodes.size() * world.chains().size();
    if (!chronicle.await(c -> c.watching() == wanted, READY)) {
      throw new IllegalStateException("not every node sees both chains after " + READY);
    }
    return new DemoTown(
        nodes,
        rosters.latest().roster(),
        rosters.federation().domain(),
        guardians,
        chronicle,
        watches());
  }

  private MemberNode open(Resident resident, MemberFiles files, Chronicle chronicle)
      throws IOException {
    NodeConfig config = CheckCommand.load(files.write(resident, charge(resident)), Map.of());
    return new MemberNode(
        resident, resident.attest(), Node.open(config, chronicle.observer(resident.cast().name())));
  }

  private Optional<MemberFiles.Charge> charge(Resident resident) {
    return Stream.concat(world.lenders().stream(), Stream.of(world.fresh()))
        .filter(lender -> lender.name().equals(resident.cast().name()))
        .findFirst()
        .map(
            lender ->
                new MemberFiles.Charge(
                    lender,
                    guardian(lender),
                    world.lenders().stream().filter(l -> !l.equals(lender)).toList(),
                    founder().limits(guardian(lender).classes().getFirst())));
  }

  private DemoTown.Guard guardian(Lender lender) {
    DemoTown.Guard guard = guardians.get(lender);
    if (guard == null) {
      throw new IllegalStateException(lender.name() + " has no guardian yet");
    }
    return guard;
  }

  private List<GuardianWatch> watches() {
    List<GuardianWatch> watches = new ArrayList<>();
    for (DemoChain chain : world.chains()) {
      Map<Address, String> owners = new LinkedHashMap<>();
      guardians.forEach(
          (lender, guard) -> {
            if (lender.chain().equals(chain)) {
              owners.put(guard.contract(), lender.name());
            }
          });
      watches.add(GuardianWatch.over(chain, owners));
    }
    return watches;
  }
}
