package io.tocsin.audit;

import io.tocsin.audit.Verification.Head;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.MalformedException;
import io.tocsin.crypto.Rlp;
import io.tocsin.crypto.Topic;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a member says about audit logs in one message: how far its own is, and how far those of
 * others are by what they said last. Its signature binds it to the first and witnesses the second.
 *
 * @param heads by member
 */
public record HeadNotice(Map<Address, Head> heads) {
  private static final int MOST = 256;

  /** Notices among members. */
  public static final Topic<HeadNotice> TOPIC =
      new Topic<>("audit-head", HeadNotice::decode, 32 << 10);

  public HeadNotice {
    if (heads.size() > MOST) {
      throw new IllegalArgumentException("more than " + MOST + " heads");
    }
    heads = Map.copyOf(heads);
  }

  /** The wire form: RLP {@code [[member, sequence, hash]…]}, ascending by member. */
  public Bytes encode() {
    Map<Address, Head> sorted = new TreeMap<>(ORDER);
    sorted.putAll(heads);
    return Rlp.encode(
        sorted.entrySet().stream()
            .map(e -> List.of(e.getKey(), e.getValue().sequence(), e.getValue().hash()))
            .toList());
  }

  private static final Comparator<Address> ORDER = Comparator.comparing(Address::toString);

  /**
   * Reads the wire form.
   *
   * @throws MalformedException if {@code wire} is anything else
   */
  public static HeadNotice decode(Bytes wire) throws MalformedException {
    Rlp.Reader reader = Rlp.read(wire, "audit heads");
    Map<Address, Head> heads = new TreeMap<>(ORDER);
    List<Address> order = new ArrayList<>();
    while (reader.more()) {
      Rlp.Reader one = reader.list("head");
      Address member = one.address("member");
      long sequence = one.number("sequence");
      if (sequence < 1) {
        throw one.fault("sequence", "starts at 1");
      }
      heads.put(member, new Head(sequence, one.hash("hash")));
      one.end();
      order.add(member);
      if (order.size() > MOST) {
        throw reader.fault("head", "more than " + MOST);
      }
    }
    if (!order.equals(List.copyOf(heads.keySet()))) {
      throw reader.fault("member", "not in ascending order");
    }
    return new HeadNotice(heads);
  }
}
