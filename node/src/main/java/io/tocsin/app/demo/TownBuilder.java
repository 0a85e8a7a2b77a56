package io.tocsin.app.demo;

import io.tocsin.app.CheckCommand;
import io.tocsin.app.CommandException;
import io.tocsin.app.Node;
import io.tocsin.app.NodeConfig;
import io.tocsin.base.Address;
import io.tocsin.base.Clocks;
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

/**
 * Founds the federation of the demonstration: keys, roster, guardians on chain, and one running
 * node a member.
 */
final class TownBuilder {
  private static final Duration TERM = Duration.ofDays(90);
  private static final Duration READY = Duration.ofMinutes(1);

  private final DemoWorld world;
  private final Path folder;
  private final Clocks clocks;
  private final List<Resident> residents = new ArrayList<>();
  private final Rosters rosters;
  private final Map<Ward, DemoTown.Guard> guardians = new LinkedHashMap<>();

  /** The town of the demonstration. */
  TownBuilder(DemoWorld world, Path folder, InstantSource clock) throws IOException {
    this(world, folder, Clocks.of(clock), Cast.ALL);
  }

  /**
   * Makes keys and the founding roster, with every member's files under {@code folder}.
   *
   * @param members who found the town; one of the name of a lender owns it
   */
  TownBuilder(DemoWorld world, Path folder, Clocks clocks, List<Cast> members) throws IOException {
    this.world = world;
    this.folder = folder;
    this.clocks = clocks;
    for (Cast cast : members) {
      residents.add(Resident.settle(cast, folder, clocks.wall().instant()));
    }
    this.rosters = found(residents, federationFile(), clocks.wall());
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
    List<Ward> wards = new ArrayList<>();
    for (Lender lender : world.lenders()) {
      wards.add(founder.ward(lender, Guardians.MINED, others(lender)));
    }
    wards.add(founder.ward(world.fresh(), Guardians.WAITING, List.of()));
    appoint(wards);
  }

  /** Deploys the guardian of each of {@code wards} and lets it pause; as above. */
  void appoint(List<Ward> wards) {
    Guardians founder = founder();
    for (Ward ward : wards) {
      guardians.put(ward, founder.found(ward, owner(ward.lender()).responder()));
    }
  }

  /** When the first roster ends, and with it every mandate. */
  Instant expiry() {
    return rosters.latest().roster().term().until();
  }

  private Guardians founder() {
    Roster roster = rosters.latest().roster();
    Instant expiry = expiry();
    return new Guardians(rosters.federation(), roster, type -> Guardians.limits(type, expiry));
  }

  private List<Lender> others(Lender lender) {
    return world.lenders().stream().filter(other -> !other.equals(lender)).toList();
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
        guards(),
        chronicle,
        watches());
  }

  private MemberNode open(Resident resident, MemberFiles files, Chronicle chronicle)
      throws IOException {
    NodeConfig config = CheckCommand.load(files.write(resident, charge(resident)), Map.of());
    return new MemberNode(
        resident,
        resident.attest(),
        Node.open(config, chronicle.observer(resident.cast().name()), clocks));
  }

  private Optional<MemberFiles.Charge> charge(Resident resident) {
    return guardians.entrySet().stream()
        .filter(guarded -> guarded.getKey().lender().name().equals(resident.cast().name()))
        .findFirst()
        .map(guarded -> new MemberFiles.Charge(guarded.getKey(), guarded.getValue()));
  }

  private Map<Lender, DemoTown.Guard> guards() {
    Map<Lender, DemoTown.Guard> guards = new LinkedHashMap<>();
    guardians.forEach((ward, guard) -> guards.put(ward.lender(), guard));
    return guards;
  }

  private List<GuardianWatch> watches() {
    List<GuardianWatch> watches = new ArrayList<>();
    for (DemoChain chain : world.chains()) {
      Map<Address, String> owners = new LinkedHashMap<>();
      guardians.forEach(
          (ward, guard) -> {
            if (ward.lender().chain().equals(chain)) {
              owners.put(guard.contract(), ward.lender().name());
            }
          });
      watches.add(GuardianWatch.over(chain, owners));
    }
    return watches;
  }
}
