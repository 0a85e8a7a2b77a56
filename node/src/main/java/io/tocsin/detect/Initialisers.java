package io.tocsin.detect;

import io.tocsin.base.Hash32;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The functions that set a contract up once: {@code initialize} and {@code init} by shape. */
final class Initialisers {
  /**
   * Where OpenZeppelin counts initialisations since version 5.
   *
   * @see <a href="https://eips.ethereum.org/EIPS/eip-7201">EIP-7201</a>
   */
  static final Hash32 SLOT =
      Hash32.hex("0xf0c57e16840df040f15088dc2f81fe391c3923bec73e23a9662efc9c229c6a00");

  private static final List<String> TYPES =
      List.of("address", "uint256", "string", "bytes", "bytes32", "bool", "address[]");

  /** Argument lists of length n take the first {@code COMMON[n]} of the types. */
  private static final int[] COMMON = {7, 7, 7, 4, 3, 2, 2};

  static final Set<Integer> ALL = all();

  private Initialisers() {}

  private static Set<Integer> all() {
    Set<Integer> all = new HashSet<>();
    for (int length = 0; length < COMMON.length; length++) {
      for (String arguments : lists(length, TYPES.subList(0, COMMON[length]))) {
        all.add(selector("initialize(" + arguments + ")"));
        all.add(selector("init(" + arguments + ")"));
      }
    }
    all.add(selector("initWallet(address[],uint256,uint256)"));
    all.add(selector("setup(address[],uint256,address,bytes,address,address,uint256,address)"));
    return Set.copyOf(all);
  }

  private static int selector(String signature) {
    return Selectors.at(Selectors.data(signature), 0);
  }

  private static List<String> lists(int length, List<String> types) {
    List<String> lists = List.of("");
    for (int at = 0; at < length; at++) {
      List<String> longer = new ArrayList<>();
      for (String list : lists) {
        types.forEach(type -> longer.add(list.isEmpty() ? type : list + "," + type));
      }
      lists = longer;
    }
    return lists;
  }
}
