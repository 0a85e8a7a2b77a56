package io.tocsin.adapter.contract;

import com.esaulpaugh.headlong.abi.Function;
import io.tocsin.adapter.rpc.Anvil;
import io.tocsin.adapter.rpc.JsonRpc;
import io.tocsin.base.AccountId;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.NodeCalls.Reply;
import io.tocsin.chain.TxCall;
import io.tocsin.claim.Claim;
import io.tocsin.crypto.Keccak;
import io.tocsin.crypto.KeyPair;
import io.tocsin.identity.FederationFile;
import io.tocsin.policy.Action;
import io.tocsin.policy.BudgetClass;
import io.tocsin.policy.Judgement;
import io.tocsin.policy.Lever;
import io.tocsin.policy.Limits;
import io.tocsin.policy.Mandate;
import io.tocsin.policy.SubjectTree;
import io.tocsin.policy.Trigger;
import io.tocsin.respond.GasBudget;
import io.tocsin.respond.GrantedPermits;
import io.tocsin.respond.Permit;
import io.tocsin.respond.SentBook;
import io.tocsin.risk.RiskEstimate;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A lending protocol on a real anvil, held by a guardian with one mandate of each class. */
public final class GuardedLender implements AutoCloseable {
  static final Address SISTER = Address.hex("0x0000000000000000000000000000000000515735");
  static final RiskEstimate STAKE =
      new RiskEstimate.Unknown(RiskEstimate.Why.NOTHING_LISTED, "not valued");
  private static final Hash32 ONE =
      Hash32.hex("0x0000000000000000000000000000000000000000000000000000000000000001");
  private static final Hash32 ALL =
      Hash32.hex("0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff");

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  final Anvil anvil;
  final JsonRpc rpc;
  final ChainAccess access;
  final KeyPair owner = key(0);
  final KeyPair responder = key(1);
  final TestFederation town;
  final Address lender;
  final GuardianContract guardian;
  final List<Terms> terms;
  final List<Hash32> ids;
  private final DirectSender sender;
  private int claims;

  /** Starts anvil with these options and deploys everything. */
  public GuardedLender(String... options) throws ChainException {
    anvil = Anvil.start(options);
    rpc = JsonRpc.open(anvil.http());
    access = new ChainAccess(chain(rpc), List.of(rpc));
    sender = new DirectSender(lane(owner), PATIENCE);
    town = new TestFederation(now());
    Address usd = deploy("DemoToken", "USD", "USD");
    Address gold = deploy("DemoToken", "GOLD", "GOLD");
    Address price =
        deploy(
            "RiggedPrice",
            GuardianAbi.word(gold),
            GuardianAbi.word(usd),
            BigInteger.TEN,
            BigInteger.TEN);
    lender =
        deploy(
            "SisterLender",
            GuardianAbi.word(owner.address()),
            GuardianAbi.word(gold),
            GuardianAbi.word(usd),
            GuardianAbi.word(price));
    terms = terms();
    Charter charter =
        new Charter(
            owner.address(),
            town.federation.id(),
            Duration.ofDays(2),
            Duration.ofDays(1),
            Duration.ofDays(3));
    MinedTransaction deployed = mined(GuardianContract.deployment(charter, town.roster, terms));
    guardian = new GuardianContract(deployed.created(), access);
    ids = guardian.mandates();
    mined(call(lender, "setGuardian(address)", GuardianAbi.word(deployed.created())));
  }

  static KeyPair key(int index) {
    return new KeyPair(Bytes.hex(Anvil.KEYS.get(index)).toArray());
  }

  TransactionLane lane(KeyPair key) {
    return lane(key, access, SentBook.memory());
  }

  static TransactionLane lane(KeyPair key, ChainAccess access, SentBook book) {
    return new TransactionLane(
        key, access, FeePolicy.DEFAULT, book, GasBudget.unlimited(), List.of());
  }

  static TxCall call(Address to, String signature, Object... arguments) {
    return TxCall.of(to, Bytes.of(new Function(signature).encodeCallWithArgs(arguments).array()));
  }

  private Address deploy(String name, Object... arguments) throws ChainException {
    return mined(TxCall.create(Artifact.published(name).creation(arguments))).created();
  }

  /** Carries out a call of the owner that must succeed. */
  MinedTransaction mined(TxCall call) throws ChainException {
    return switch (sender.perform(call)) {
      case DirectSender.Result.Mined(MinedTransaction transaction) -> transaction;
      case DirectSender.Result other -> throw new AssertionError(other.toString());
    };
  }

  /** The reason for which the owner's call is refused. */
  Refusal.Reason refused(KeyPair from, TxCall call) throws ChainException {
    return switch (new DirectSender(lane(from), PATIENCE).perform(call)) {
      case DirectSender.Result.Refused(Refusal refusal) -> refusal.reason();
      case DirectSender.Result other -> throw new AssertionError(other.toString());
    };
  }

  void rpc(String method, Object... parameters) {
    if (!(rpc.call(method, parameters) instanceof Reply.Result)) {
      throw new AssertionError(method);
    }
  }

  public void pass(Duration time) {
    rpc("evm_increaseTime", time.toSeconds());
    rpc("anvil_mine", 1);
  }

  BlockRef head() throws ChainException {
    return access.block(Optional.empty());
  }

  public Instant now() throws ChainException {
    return head().time();
  }

  boolean paused() throws ChainException {
    return access
        .read(lender, call(lender, "paused()").input())
        .equals(new CallAnswer.Returned(ONE.bytes()));
  }

  public AccountId lenderAccount() {
    return new AccountId(access.chain(), lender);
  }

  private List<Terms> terms() throws ChainException {
    Lever lever =
        new Lever(
            "pause",
            lender,
            Address.ZERO,
            new Lever.Calls(
                call(lender, "pause()").input(),
                call(lender, "unpause()").input(),
                new Lever.Probe(lender, call(lender, "paused()").input(), ALL, ONE)),
            1,
            List.of());
    List<Terms> all = new ArrayList<>();
    for (BudgetClass budget : BudgetClass.values()) {
      Limits limits =
          new Limits(
              budget == BudgetClass.LOCAL ? Duration.ZERO : Limits.MAX_AGE,
              3,
              Duration.ofSeconds(10),
              budget == BudgetClass.DIRECT ? Duration.ofHours(6) : Duration.ofMinutes(10),
              now().plus(Duration.ofDays(300)));
      Mandate mandate =
          new Mandate(
              budget.name().toLowerCase(Locale.ROOT),
              Hash32.ZERO,
              budget,
              lever,
              limits,
              Judgement.DEFAULT);
      AccountId subject =
          budget == BudgetClass.DERIVED ? new AccountId(ChainId.evm(10), SISTER) : lenderAccount();
      all.add(
          new Terms(
              mandate,
              List.of(responder.address()),
              SubjectTree.of(List.of(subject, new AccountId(ChainId.evm(9), SISTER))).root()));
    }
    return all;
  }

  Hash32 id(BudgetClass budget) {
    return ids.get(budget.code());
  }

  /** A fresh claim about the lender itself. */
  Claim.ExploitMined claim() throws ChainException {
    return claim(now());
  }

  Claim.ExploitMined claim(Instant time) {
    return new Claim.ExploitMined(
        access.chain(),
        Keccak.hashUtf8("attack " + claims++),
        new Claim.BlockStamp(Keccak.hashUtf8("block"), time),
        new Claim.Subject(lender, Keccak.hashUtf8("code")));
  }

  List<Hash32> proof() {
    return SubjectTree.of(List.of(lenderAccount(), new AccountId(ChainId.evm(9), SISTER)))
        .proof(lenderAccount())
        .orElseThrow();
  }

  Permit permit(BudgetClass budget, Trigger trigger) throws ChainException {
    return GrantedPermits.of(
        new Action(
            guardian.account(),
            id(budget),
            trigger,
            terms.get(budget.code()).mandate(),
            new Action.Bounds(Duration.ofDays(3), 1),
            "it is the subject"),
        now());
  }

  Permit permit() throws ChainException {
    return permit(BudgetClass.DIRECT, new Trigger.Certified(town.certify(claim()), proof()));
  }

  /** Trips the direct mandate on a real certificate. */
  public Hash32 tripDirect() throws ChainException {
    var trip = guardian.trip(id(BudgetClass.DIRECT), town.certify(claim()), proof());
    var sender = new DirectSender(lane(responder), PATIENCE);
    if (!(sender.perform(trip) instanceof DirectSender.Result.Mined)) {
      throw new AssertionError("not tripped");
    }
    return id(BudgetClass.DIRECT);
  }

  public AccountId guardianAccount() {
    return guardian.account();
  }

  public Address responderAddress() {
    return responder.address();
  }

  public FederationFile federation() {
    return town.file();
  }

  public TestFederation town() {
    return town;
  }

  public String http() {
    return anvil.http();
  }

  private static ChainId chain(JsonRpc rpc) {
    if (rpc.call("eth_chainId") instanceof Reply.Result(var id)) {
      return ChainId.evm(Long.decode(id.asString()));
    }
    throw new AssertionError("no chain id");
  }

  @Override
  public void close() {
    access.close();
    rpc.close();
    anvil.close();
  }
}
