package io.tocsin.detect;

import static io.tocsin.detect.Samples.COIN;
import static io.tocsin.detect.Samples.ROBBER;
import static io.tocsin.detect.Samples.SENDER;
import static io.tocsin.detect.Samples.USD;
import static io.tocsin.detect.Samples.VAULT;
import static io.tocsin.detect.Samples.account;
import static io.tocsin.detect.Samples.words;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Address;
import io.tocsin.chain.StateReads;
import io.tocsin.chain.TxTrace;
import io.tocsin.detect.rules.PermitReplay;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PermitReplayTest {
  private static final Address RECOVER = Address.hex("0x0000000000000000000000000000000000000001");
  private static final Address SIGNER = account(0x77);

  private static List<Address> victims(TxTrace trace) {
    TraceFacts facts = new TraceFacts(trace, StateReads.NONE, History.NONE, DetectConfig.DEFAULT);
    return new PermitReplay().scan(facts) instanceof Scan.Found(List<Finding> found)
        ? found.stream().map(Finding::subject).toList()
        : List.of();
  }

  /** Who was robbed, the same with and without events and gas. */
  private static List<Address> victims(Samples.Call root) {
    TxTrace trace = Samples.trace(root);
    List<Address> with = victims(trace);
    assertThat(victims(Samples.bare(trace, root.json))).isEqualTo(with);
    return with;
  }

  private static Samples.Call run() {
    return Samples.tx(SENDER, ROBBER, "run()");
  }

  /** Has {@code by} check the signature with this number. */
  private static Samples.Call check(Samples.Call by, int number) {
    Samples.Call check = by.view(RECOVER, "");
    check.json.put("input", words(number, 27, 6, 7).toHex());
    return check;
  }

  private static Samples.Call claim(Samples.Call root, int number, long paid) {
    Samples.Call claim = root.call(VAULT, "claim(uint256,bytes)", paid, 64, 0);
    check(claim, number).returns(SIGNER);
    claim.transfer(USD, ROBBER, paid);
    return claim;
  }

  @Test
  void findsASignatureThatWasPaidForTwice() {
    Samples.Call root = run();
    claim(root, 5, 100);
    claim(root, 5, 100);
    assertThat(victims(root)).containsExactly(VAULT);
  }

  @Test
  void twoSignaturesAreTwoClaims() {
    Samples.Call root = run();
    claim(root, 5, 100);
    claim(root, 6, 100);
    assertThat(victims(root)).isEmpty();
  }

  @Test
  void aSignatureThatOneCallChecksTwiceIsOneClaim() {
    Samples.Call root = run();
    Samples.Call claim = root.call(VAULT, "claim(uint256,bytes)", 100, 64, 0);
    check(claim, 5).returns(SIGNER);
    check(claim, 5).returns(SIGNER);
    claim.transfer(USD, ROBBER, 100);
    assertThat(victims(root)).isEmpty();
  }

  @Test
  void anOrderFilledInTwoPartsIsAnExchange() {
    Samples.Call root = run();
    for (int part = 0; part < 2; part++) {
      Samples.Call fill = root.call(VAULT, "fill(uint256,bytes)", 100, 64, 0);
      check(fill, 5).returns(SIGNER);
      fill.transferFrom(COIN, ROBBER, SIGNER, 50);
      fill.transferFrom(USD, SIGNER, ROBBER, 100);
    }
    assertThat(victims(root)).isEmpty();
  }

  @Test
  void findsAPaymentForASignatureThatIsNone() {
    Samples.Call root = run();
    Samples.Call claim = root.call(VAULT, "claim(uint256,bytes)", 100, 64, 0);
    check(claim, 5);
    claim.transfer(USD, ROBBER, 100);
    assertThat(victims(root)).containsExactly(VAULT);
    Samples.Call zero = run();
    Samples.Call other = zero.call(VAULT, "claim(uint256,bytes)", 100, 64, 0);
    check(other, 5).returns(0);
    other.transfer(USD, ROBBER, 100);
    assertThat(victims(zero)).containsExactly(VAULT);
  }

  @Test
  void findsTokensMintedForASignatureThatIsNone() {
    Samples.Call root = run();
    Samples.Call claim = root.call(VAULT, "claim(uint256,bytes)", 100, 64, 0);
    check(claim, 5);
    claim.call(COIN, "mint(address,uint256)", ROBBER, 100).moved(COIN, Address.ZERO, ROBBER, 100);
    assertThat(victims(root)).containsExactly(VAULT);
  }

  @Test
  void aWalletThatIsAskedForItsWordIsAnotherCheck() {
    Samples.Call root = run();
    Samples.Call claim = root.call(VAULT, "claim(uint256,bytes)", 100, 64, 0);
    check(claim, 5);
    claim.view(SIGNER, "isValidSignature(bytes32,bytes)", 5, 64, 0).returns(1);
    claim.transfer(USD, ROBBER, 100);
    assertThat(victims(root)).isEmpty();
  }

  @Test
  void oneOfManySignaturesMayBeMissing() {
    Samples.Call root = run();
    Samples.Call claim = root.call(VAULT, "claim(uint256,bytes)", 100, 64, 0);
    check(claim, 5);
    check(claim, 6).returns(SIGNER);
    claim.transfer(USD, ROBBER, 100);
    assertThat(victims(root)).isEmpty();
  }

  @Test
  void aCheckThatPaysNobodyIsNoFinding() {
    Samples.Call root = run();
    check(root.call(VAULT, "vouch(bytes)", 64, 0), 5);
    root.call(COIN, "claim()").transfer(USD, ROBBER, 5);
    assertThat(victims(root)).isEmpty();
  }
}
