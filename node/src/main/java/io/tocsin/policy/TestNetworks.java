package io.tocsin.policy;

import io.tocsin.base.ChainId;
import java.util.Set;

/**
 * Chains whose coins are free, so that anyone can stage anything there: never a source of claims.
 *
 * @see <a href="https://github.com/ethereum-lists/chains">ethereum-lists/chains</a>
 */
public final class TestNetworks {
  private static final Set<Long> DEVELOPMENT = Set.of(1337L, 31337L);
  private static final Set<Long> PUBLIC =
      Set.of(
          // Ethereum: Ropsten, Rinkeby, Goerli, Kovan, Holesky, Hoodi, Sepolia
          3L,
          4L,
          5L,
          42L,
          17000L,
          560048L,
          11155111L,
          // Polygon Mumbai, Amoy, zkEVM test networks
          80001L,
          80002L,
          1442L,
          2442L,
          // Arbitrum, Optimism, Base
          421611L,
          421613L,
          421614L,
          69L,
          420L,
          11155420L,
          84531L,
          84532L,
          // BNB, opBNB, Avalanche Fuji, Fantom, Sonic
          97L,
          5611L,
          43113L,
          4002L,
          57054L,
          64165L,
          // Gnosis Chiado, Celo, Linea, Scroll, zkSync
          10200L,
          44787L,
          11142220L,
          59140L,
          59141L,
          534351L,
          534353L,
          280L,
          300L,
          // Blast, Mantle, Mode, Zora, Unichain, Ink, Soneium, Lisk, World Chain, Fraxtal, Taiko
          168587773L,
          5001L,
          5003L,
          919L,
          999999999L,
          1301L,
          763373L,
          1946L,
          4202L,
          4801L,
          2522L,
          167009L,
          // Berachain, Monad, MegaETH, Abstract, Metis, Manta, Bob, Sei, Ronin, Immutable
          80069L,
          80084L,
          10143L,
          6342L,
          11124L,
          59902L,
          3441006L,
          808813L,
          1328L,
          2021L,
          13473L,
          // Moonbase, Aurora, Cronos, Kava, Flare, Kaia, Hedera, Rootstock, Core, Etherlink, XDC
          1287L,
          1313161555L,
          338L,
          2221L,
          16L,
          114L,
          1001L,
          296L,
          31L,
          1115L,
          128123L,
          51L);

  private TestNetworks() {}

  /** Whether claims of {@code chain} may count for a guardian on {@code guardian}. */
  public static boolean refused(ChainId chain, ChainId guardian) {
    return contains(chain) && !(isDevelopment(chain) && isDevelopment(guardian));
  }

  /** Whether {@code chain} is a public test network or a local development chain. */
  public static boolean contains(ChainId chain) {
    return isDevelopment(chain) || isOneOf(chain, PUBLIC);
  }

  private static boolean isDevelopment(ChainId chain) {
    return isOneOf(chain, DEVELOPMENT);
  }

  private static boolean isOneOf(ChainId chain, Set<Long> ids) {
    return ids.stream().anyMatch(id -> chain.equals(ChainId.evm(id)));
  }
}
