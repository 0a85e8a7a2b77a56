package io.tocsin.exposure;

import io.tocsin.base.AccountId;
import io.tocsin.base.Address;
import io.tocsin.base.ChainId;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Text;
import java.util.Optional;

/**
 * An asset as CAIP-19 names it: {@code eip155:1/erc20:0x…}, or {@code eip155:1/slip44:60} for the
 * native currency of any EVM chain.
 *
 * @param token empty for the native currency
 * @see <a href="https://chainagnostic.org/CAIPs/caip-19">CAIP-19</a>
 */
public record AssetId(ChainId chain, Optional<Address> token) implements Comparable<AssetId> {
  private static final String NATIVE = "slip44:60";
  private static final String ERC20 = "erc20:";

  /** The native currency of {@code chain}. */
  public static AssetId nativeOf(ChainId chain) {
    return new AssetId(chain, Optional.empty());
  }

  /** The token at {@code token}. */
  public static AssetId token(ChainId chain, Address token) {
    return new AssetId(chain, Optional.of(token));
  }

  /**
   * Reads {@code chain/namespace:reference}.
   *
   * @throws MalformedException if {@code text} is neither an ERC-20 token nor a native currency
   */
  public static AssetId parse(String text) throws MalformedException {
    int slash = text.indexOf('/');
    if (slash > 0) {
      ChainId chain = ChainId.parse(text.substring(0, slash));
      String asset = text.substring(slash + 1);
      if (asset.equals(NATIVE)) {
        return nativeOf(chain);
      }
      if (asset.startsWith(ERC20)) {
        return token(chain, Address.parse(asset.substring(ERC20.length())));
      }
    }
    throw new MalformedException(
        "expected an asset such as eip155:1/erc20:0x… or eip155:1/slip44:60, found "
            + Text.excerpt(text));
  }

  /** The token's account; empty for the native currency. */
  public Optional<AccountId> account() {
    return token.map(t -> new AccountId(chain, t));
  }

  @Override
  public int compareTo(AssetId other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    return chain + "/" + token.map(t -> ERC20 + t).orElse(NATIVE);
  }
}
