package io.tocsin.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.adapter.contract.CallAnswer;
import io.tocsin.adapter.contract.ChainAccess;
import io.tocsin.adapter.contract.ChainException;
import io.tocsin.adapter.contract.Charter;
import io.tocsin.adapter.contract.GuardianContract;
import io.tocsin.adapter.contract.Refusal;
import io.tocsin.adapter.contract.Terms;
import io.tocsin.adapter.contract.TestFederation;
import io.tocsin.adapter.rpc.JsonRpc;
import io.tocsin.base.AccountId;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.ChainId;
import io.tocsin.base.Gas;
import io.tocsin.base.Hash32;
import io.tocsin.chain.TxCall;
import io.tocsin.claim.Claim;
import io.tocsin.crypto.Keccak;
import io.tocsin.policy.BudgetClass;
import io.tocsin.policy.Judgement;
import io.tocsin.policy.Lever;
import io.tocsin.policy.Limits;
import io.tocsin.policy.Mandate;
import io.tocsin.policy.SubjectTree;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A guardian as EMERGENCY_ADMIN of a real Aave v3 market, and as a module of a real Safe. */
final class GuardianOnRealProtocolsIT {
  private static final String SAFE = "@safe-global/safe-contracts/build/artifacts/contracts/";
  private static final Hash32 PAUSED_BIT =
      Hash32.hex("0x0000000000000000000000000000000000000000000000001000000000000000");
  private static final Hash32 ONE =
      Hash32.hex("0x0000000000000000000000000000000000000000000000000000000000000001");
  private static final Hash32 ALL = Hash32.hex("0x" + "ff".repeat(32));

  @TempDir private static Path directory = Path.of("");

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static World world;

  /** A chain with a market, and a federation. */
  private record World(
      NodeModules modules,
      DemoChain chain,
      JsonRpc rpc,
      ChainAccess access,
      TestFederation town,
      Wallet responder) {
    Deployer deployer() {
      return chain.deployer();
    }

    Instant now() {
      return chain.builder().head().time();
    }

    JsonNode mined(Hash32 tx) {
      var _ = chain.builder().mine(now().plusSeconds(1));
      return chain.builder().chain().ask("eth_getTransactionReceipt", tx.toString());
    }

    GuardianContract guardian(Terms terms) throws ChainException {
      Charter charter =
          new Charter(
              deployer().address(),
              town.file().federation().id(),
              Duration.ofDays(2),
              Duration.ofDays(1),
              Duration.ofDays(3));
      Wallet owner =
          new Wallet(DemoKeys.of("founder of " + terms.mandate().name()), chain.builder());
      deployer().fund(owner.address());
      Hash32 tx =
          owner.send(
              GuardianContract.deployment(
                  charter, town.file().rosters().getFirst().roster(), List.of(terms)),
              new Gas(9_000_000),
              Wallet.ordinaryFees(),
              BlockBuilder.Terms.PRIVATE);
      JsonNode receipt = mined(tx);
      assertThat(receipt.path("status").asString()).isEqualTo("0x1");
      return new GuardianContract(Address.hex(receipt.path("contractAddress").asString()), access);
    }

    /** Trips the guardian's only mandate about {@code subject}; answers the gas used. */
    long trip(GuardianContract guardian, AccountId subject) throws ChainException {
      Claim claim =
          new Claim.ExploitMined(
              subject.chain(),
              Keccak.hashUtf8("attack on " + subject),
              new Claim.BlockStamp(chain.builder().head().hash(), now()),
              new Claim.Subject(subject.address(), Keccak.hashUtf8("code")));
      Hash32 tx =
          responder.send(
              guardian.trip(
                  guardian.mandates().getFirst(),
                  town.certify(claim),
                  SubjectTree.of(List.of(subject)).proof(subject).orElseThrow()),
              new Gas(2_000_000),
              Wallet.ordinaryFees(),
              BlockBuilder.Terms.PRIVATE);
      JsonNode receipt = mined(tx);
      assertThat(receipt.path("status").asString()).isEqualTo("0x1");
      return Long.decode(receipt.path("gasUsed").asString());
    }

    boolean passes(Address from, TxCall call) {
      return access.attempt(from, call).getFirst() instanceof CallAnswer.Returned;
    }
  }

  @BeforeAll
  static void build() throws InterruptedException, IOException {
    NodeModules modules = NodeModules.find();
    Instant genesis = Instant.parse("2026-01-01T00:00:00Z");
    ChainId id = ChainId.evm(1);
    DemoChain chain = DemoChain.start(id, new DemoChain.Ground(modules, directory, genesis));
    JsonRpc rpc = JsonRpc.open("ipc:" + chain.builder().chain().socket(0));
    Wallet responder = new Wallet(DemoKeys.of("responder"), chain.builder());
    chain.deployer().fund(responder.address());
    world =
        new World(
            modules,
            chain,
            rpc,
            new ChainAccess(id, List.of(rpc)),
            new TestFederation(chain.builder().head().time()),
            responder);
  }

  @AfterAll
  static void stop() {
    world.access().close();
    world.rpc().close();
    world.chain().close();
  }

  private static Terms terms(String name, Lever lever, AccountId subject) {
    Limits limits =
        new Limits(
            Limits.MAX_AGE,
            3,
            Duration.ofMinutes(1),
            Duration.ofHours(6),
            world.now().plus(Duration.ofDays(300)));
    return new Terms(
        new Mandate(name, Hash32.ZERO, BudgetClass.DIRECT, lever, limits, Judgement.DEFAULT),
        List.of(world.responder().address()),
        SubjectTree.of(List.of(subject)).root());
  }

  private static AccountId on(Address address) {
    return new AccountId(world.chain().id(), address);
  }

  @Test
  void pausesARealAaveMarketAsItsEmergencyAdminAndOpensItAgain() throws ChainException {
    Deployer deployer = world.deployer();
    Address pool = world.chain().venues().market().pool();
    Address dollar = world.chain().venues().dollar();
    Address provider = Address.fromWord(deployer.read(pool, "ADDRESSES_PROVIDER()"));
    Address roles = Address.fromWord(deployer.read(provider, "getACLManager()"));
    Address configurator = Address.fromWord(deployer.read(provider, "getPoolConfigurator()"));
    Lever lever =
        new Lever(
            "pause the pool",
            configurator,
            Address.ZERO,
            new Lever.Calls(
                AbiCalls.call("setPoolPause(bool)", true),
                AbiCalls.call("setPoolPause(bool)", false),
                new Lever.Probe(
                    pool,
                    AbiCalls.call("getConfiguration(address)", dollar),
                    PAUSED_BIT,
                    PAUSED_BIT)),
            1,
            List.of("withdraw", "borrow", "repay"));
    GuardianContract guardian = world.guardian(terms("aave", lever, on(pool)));
    TxCall withdrawal =
        TxCall.of(
            pool,
            AbiCalls.call("withdraw(address,uint256,address)", dollar, 1_000, deployer.address()));
    assertThat(world.passes(deployer.address(), withdrawal)).isTrue();
    assertThat(refusalOf(guardian, on(pool)))
        .as("the guardian is no emergency admin yet")
        .isEqualTo(Refusal.Reason.CALL_FAILED);

    deployer.call(roles, "addEmergencyAdmin(address)", guardian.account().address());
    deployer.settle();
    long gas = world.trip(guardian, on(pool));
    assertThat(gas).isLessThan(400_000);

    assertThat(guardian.isPaused(guardian.mandates().getFirst())).isTrue();
    assertThat(world.passes(deployer.address(), withdrawal)).isFalse();

    Wallet anyone = new Wallet(DemoKeys.of("a passer-by"), world.chain().builder());
    deployer.fund(anyone.address());
    TxCall release = guardian.release(guardian.mandates().getFirst());
    assertThat(world.passes(anyone.address(), release)).as("before its time").isFalse();
    var _ = world.chain().builder().mine(world.now().plus(Duration.ofHours(6)));
    Hash32 tx =
        anyone.send(release, new Gas(500_000), Wallet.ordinaryFees(), BlockBuilder.Terms.PRIVATE);
    assertThat(world.mined(tx).path("status").asString()).isEqualTo("0x1");
    assertThat(guardian.isPaused(guardian.mandates().getFirst())).isFalse();
    assertThat(world.passes(deployer.address(), withdrawal)).as("the reserve is open").isTrue();
  }

  private static Refusal.Reason refusalOf(GuardianContract guardian, AccountId subject)
      throws ChainException {
    Claim claim =
        new Claim.ExploitMined(
            subject.chain(),
            Keccak.hashUtf8("earlier attack on " + subject),
            new Claim.BlockStamp(Keccak.hashUtf8("block"), world.now()),
            new Claim.Subject(subject.address(), Keccak.hashUtf8("code")));
    TxCall trip =
        guardian.trip(
            guardian.mandates().getFirst(),
            world.town().certify(claim),
            SubjectTree.of(List.of(subject)).proof(subject).orElseThrow());
    return switch (world.access().attempt(world.responder().address(), trip).getFirst()) {
      case CallAnswer.Reverted(Bytes data) -> Refusal.decode(data).reason();
      case CallAnswer other -> throw new AssertionError(other.toString());
    };
  }

  @Test
  void pausesThroughARealSafeAsItsModule() throws ChainException {
    Deployer deployer = world.deployer();
    Address owner = deployer.address();
    Address singleton = deployer.deploy(safeArtifact("Safe.sol/Safe"));
    Address factory =
        deployer.deploy(safeArtifact("proxies/SafeProxyFactory.sol/SafeProxyFactory"));
    Bytes setup =
        AbiCalls.call(
            "setup(address[],uint256,address,bytes,address,address,uint256,address)",
            List.of(owner),
            1,
            Address.ZERO,
            Bytes.EMPTY,
            Address.ZERO,
            Address.ZERO,
            0,
            Address.ZERO);
    deployer.settle();
    Address safe =
        Address.fromWord(
            deployer.read(
                factory, "createProxyWithNonce(address,bytes,uint256)", singleton, setup, 7));
    deployer.call(factory, "createProxyWithNonce(address,bytes,uint256)", singleton, setup, 7);
    DemoChain.Venues venues = world.chain().venues();
    Address lender =
        deployer.deploy(
            Artifact.own("SisterLender"),
            owner,
            venues.token(),
            venues.dollar(),
            venues.pair().pair());
    deployer.call(lender, "setGuardian(address)", safe);
    deployer.settle();
    Lever lever =
        new Lever(
            "pause",
            lender,
            safe,
            new Lever.Calls(
                AbiCalls.call("pause()"),
                AbiCalls.call("unpause()"),
                new Lever.Probe(lender, AbiCalls.call("paused()"), ALL, ONE)),
            1,
            List.of());
    GuardianContract guardian = world.guardian(terms("safe", lever, on(lender)));
    assertThat(refusalOf(guardian, on(lender)))
        .as("the guardian is no module yet")
        .isEqualTo(Refusal.Reason.CALL_FAILED);

    Bytes enable = AbiCalls.call("enableModule(address)", guardian.account().address());
    Bytes byItsOwner =
        owner.toWord().bytes().concat(Hash32.ZERO.bytes()).concat(Bytes.of((byte) 1));
    deployer.call(
        safe,
        "execTransaction(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,bytes)",
        safe,
        0,
        enable,
        0,
        0,
        0,
        0,
        Address.ZERO,
        Address.ZERO,
        byItsOwner);
    deployer.settle();
    long gas = world.trip(guardian, on(lender));
    assertThat(gas).isLessThan(350_000);

    assertThat(deployer.read(lender, "paused()")).isEqualTo(ONE);
  }

  private static Artifact safeArtifact(String path) {
    return Artifact.read(world.modules().file(SAFE + path + ".json"));
  }
}
