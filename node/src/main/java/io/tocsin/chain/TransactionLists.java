package io.tocsin.chain;

import io.tocsin.base.MalformedException;
import java.util.List;

/** The form of the lists within a transaction's fields, as {@link Rlp} reads them. */
final class TransactionLists {
  private static final int ADDRESS = 20;
  private static final int WORD = 32;
  private static final String[] AUTHORIZATION = {
    "chainId", "address", "nonce", "yParity", "r", "s"
  };
  private static final int[] AUTHORIZATION_BYTES = {32, ADDRESS, 8, 1, 32, 32};

  private TransactionLists() {}

  /** EIP-2930: pairs of an address and its storage keys. */
  static void checkAccess(Object list) throws MalformedException {
    for (Object entry : list(list, "accessList")) {
      List<?> pair = list(entry, "accessList");
      if (pair.size() != 2) {
        throw new MalformedException("accessList: expected an address and its keys");
      }
      sized(pair.getFirst(), "accessList.address", ADDRESS);
      checkHashes(pair.getLast(), "accessList.storageKeys");
    }
  }

  /** A list of words of 32 bytes. */
  static void checkHashes(Object list, String field) throws MalformedException {
    for (Object hash : list(list, field)) {
      sized(hash, field, WORD);
    }
  }

  /** EIP-7702: chain, address, nonce and signature. */
  static void checkAuthorizations(Object list) throws MalformedException {
    for (Object entry : list(list, "authorizationList")) {
      List<?> fields = list(entry, "authorizationList");
      if (fields.size() != AUTHORIZATION.length) {
        throw new MalformedException("authorizationList: expected six fields each");
      }
      for (int i = 0; i < AUTHORIZATION.length; i++) {
        String field = "authorizationList." + AUTHORIZATION[i];
        if (i == 1) {
          sized(fields.get(i), field, ADDRESS);
        } else {
          Rlp.number(fields.get(i), field, AUTHORIZATION_BYTES[i]);
        }
      }
    }
  }

  private static List<?> list(Object item, String field) throws MalformedException {
    if (item instanceof List<?> list) {
      return list;
    }
    throw new MalformedException(field + ": expected a list");
  }

  private static void sized(Object item, String field, int size) throws MalformedException {
    if (Rlp.bytes(item, field).length != size) {
      throw new MalformedException(field + ": expected " + size + " bytes");
    }
  }
}
