package io.tocsin.app;

import io.tocsin.adapter.contract.FeePolicy;
import io.tocsin.base.AccountId;
import io.tocsin.base.ChainId;
import io.tocsin.base.ShownUrl;
import io.tocsin.base.Wei;
import io.tocsin.detect.DetectConfig;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything a node is told: defaults, then its file, then the environment, then the command line,
 * the later winning.
 *
 * @param membership absent for a node that watches alone
 * @param defence what it protects and how
 */
public record NodeConfig(
    Path source,
    Basics basics,
    Optional<Membership> membership,
    List<Chain> chains,
    DetectConfig detection,
    Defence defence) {
  public NodeConfig {
    chains = List.copyOf(chains);
  }

  /**
   * The node itself.
   *
   * @param acts whether mandates in mode {@code act} may act; false is shadow mode for all of them
   * @param statusPort loopback port of health, readiness and metrics; 0 picks a free one
   * @param webhooks where the addresses that are called in need come from, such as {@code
   *     env:TOCSIN_WEBHOOK}
   */
  public record Basics(
      String name, Path data, boolean acts, int statusPort, List<String> webhooks) {
    public Basics {
      webhooks = List.copyOf(webhooks);
    }
  }

  /**
   * Its place in a federation.
   *
   * @param federation the file with the rosters
   * @param keys the folder with the member's keys
   * @param password where their password comes from, such as {@code env:TOCSIN_PASSWORD}
   * @param silence how long nothing may be heard of a member
   */
  public record Membership(
      Path federation, Path keys, String password, InetSocketAddress listen, Duration silence) {}

  /**
   * A chain to watch.
   *
   * @param slot the time between blocks; no head for three of them is an alarm
   * @param patience how long to wait for the endpoints' agreement on a trace
   * @param pending whether to simulate pending transactions
   * @param depth how many blocks must lie on one that took the place of a claimed block before the
   *     claim is withdrawn
   */
  public record Chain(
      ChainId id,
      Duration slot,
      Duration patience,
      boolean pending,
      int depth,
      List<Endpoint> endpoints) {
    public Chain {
      endpoints = List.copyOf(endpoints);
    }
  }

  /** A JSON-RPC endpoint and who runs it. */
  public record Endpoint(String url, String operator) {
    @Override
    public String toString() {
      return ShownUrl.of(url) + " of " + operator;
    }
  }

  /**
   * What is protected, and by which means.
   *
   * @param watched contracts to watch closely, by name, mandate or not
   * @param mandates the file that says what may be done
   */
  public record Defence(
      Map<AccountId, String> watched, Optional<Path> mandates, Optional<Responder> responder) {
    public Defence {
      watched = Map.copyOf(watched);
    }
  }

  /**
   * The key that trips guardians.
   *
   * @param gasFloor balance below which an alarm is raised
   */
  public record Responder(Path key, String password, Wei gasFloor, Bids bids, List<Relay> relays) {
    public Responder {
      relays = List.copyOf(relays);
    }
  }

  /**
   * What it may cost.
   *
   * @param feeCap the most it pays for a unit of gas
   * @param feeShare the most that a pause may cost, as a share of the value at risk
   * @param gasPerDay the most it spends on gas within 24 hours on each chain
   */
  public record Bids(Wei feeCap, double feeShare, Wei gasPerDay) {
    /** 500 gwei, a tenth, and one ether. */
    public static final Bids DEFAULT = new Bids(Wei.gwei(500), FeePolicy.USUAL_SHARE, Wei.ether(1));
  }

  /** Where the responder sends bundles of one chain, beside the public pool. */
  public record Relay(ChainId chain, String url) {
    @Override
    public String toString() {
      return ShownUrl.of(url) + " for " + chain;
    }
  }
}
