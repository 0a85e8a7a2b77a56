package io.tocsin.gossip;

import com.esaulpaugh.headlong.rlp.RLPDecoder;
import com.esaulpaugh.headlong.rlp.RLPEncoder;
import com.esaulpaugh.headlong.rlp.RLPItem;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.crypto.Envelope;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What two members say to each other over a link, in RLP: {@code [1, envelope]}, {@code [2,
 * [[author, height], …]]}, {@code [3, author, after]}, {@code [4, author, [envelope, …]]}, {@code
 * [5, [[author, sequence, id], …]]}.
 */
public sealed interface Message {
  /** A fresh envelope. */
  record Push(Bytes wire) implements Message {}

  /** How far the sender's log is with each author. */
  record Heights(Map<Address, Long> heights) implements Message {
    public Heights {
      heights = Collections.unmodifiableSortedMap(new TreeMap<>(heights));
    }
  }

  /** A request for the envelopes of {@code author} after sequence {@code after}. */
  record Want(Address author, long after) implements Message {}

  /** The answer: the next envelopes in order; none when the sender has none. */
  record Batch(Address author, List<Bytes> wires) implements Message {
    public Batch {
      wires = List.copyOf(wires);
    }
  }

  /** What the sender heard from its author itself, and expects the receiver to have heard too. */
  record Told(List<Place> places) implements Message {
    public Told {
      places = List.copyOf(places);
    }
  }

  /** An envelope in the sender's log. */
  record Place(Address author, long sequence, Hash32 id) {}

  /** Places in one {@link Told} at most. */
  int MAX_PLACES = 1_024;

  /** Authors in one {@link Heights} at most; larger federations use another transport. */
  int MAX_AUTHORS = 4_096;

  /** Envelopes in one {@link Batch} at most. */
  int MAX_BATCH = 1_024;

  /** The wire form. */
  default Bytes encode() {
    return Bytes.of(
        switch (this) {
          case Push(Bytes wire) -> RLPEncoder.list(new byte[] {1}, wire.toArray());
          case Heights(Map<Address, Long> heights) -> {
            List<Object> rows = new ArrayList<>();
            heights.forEach(
                (author, height) -> rows.add(List.of(author.toArray(), number(height))));
            yield RLPEncoder.list(new byte[] {2}, rows);
          }
          case Want(Address author, long after) ->
              RLPEncoder.list(new byte[] {3}, author.toArray(), number(after));
          case Batch(Address author, List<Bytes> wires) ->
              RLPEncoder.list(
                  new byte[] {4}, author.toArray(), wires.stream().map(Bytes::toArray).toList());
          case Told(List<Place> places) ->
              RLPEncoder.list(
                  new byte[] {5},
                  places.stream()
                      .map(
                          place ->
                              List.of(
                                  place.author().toArray(),
                                  number(place.sequence()),
                                  place.id().toArray()))
                      .toList());
        });
  }

  private static byte[] number(long value) {
    int length = (Long.SIZE - Long.numberOfLeadingZeros(value) + 7) / 8;
    byte[] digits = new byte[length];
    for (int i = 0; i < length; i++) {
      digits[length - 1 - i] = (byte) (value >>> (8 * i));
    }
    return digits;
  }

  /** Whose envelope {@code wire} pushes, as it says itself; empty for any other message. */
  static Optional<Address> author(Bytes wire) {
    try {
      return decode(wire) instanceof Push(Bytes envelope)
          ? Optional.of(Envelope.decode(envelope).author())
          : Optional.empty();
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  /**
   * Reads the wire form; only its canonical encoding is accepted.
   *
   * @throws MalformedException if {@code wire} is anything else
   */
  static Message decode(Bytes wire) throws MalformedException {
    try {
      byte[] content = wire.toArray();
      RLPItem item = RLPDecoder.RLP_STRICT.wrap(content);
      if (!item.isList() || item.endIndex != content.length) {
        throw new MalformedException("message: expected one RLP list");
      }
      List<RLPItem> fields = item.asRLPList().elements();
      Bytes kind = fields.isEmpty() ? Bytes.EMPTY : text(fields.getFirst());
      if (kind.equals(Bytes.of((byte) 1)) && fields.size() == 2) {
        return new Push(text(fields.get(1)));
      }
      if (kind.equals(Bytes.of((byte) 2)) && fields.size() == 2) {
        return new Heights(heights(list(fields.get(1), MAX_AUTHORS)));
      }
      if (kind.equals(Bytes.of((byte) 3)) && fields.size() == 3) {
        return new Want(address(fields.get(1)), number(fields.get(2)));
      }
      if (kind.equals(Bytes.of((byte) 4)) && fields.size() == 3) {
        List<Bytes> wires = new ArrayList<>();
        for (RLPItem one : list(fields.get(2), MAX_BATCH)) {
          wires.add(text(one));
        }
        return new Batch(address(fields.get(1)), wires);
      }
      if (kind.equals(Bytes.of((byte) 5)) && fields.size() == 2) {
        return new Told(places(list(fields.get(1), MAX_PLACES)));
      }
      throw new MalformedException("message: unknown kind or number of fields");
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new MalformedException("message: not canonical RLP", e);
    }
  }

  private static Map<Address, Long> heights(List<RLPItem> rows) throws MalformedException {
    Map<Address, Long> heights = new LinkedHashMap<>();
    for (RLPItem row : rows) {
      List<RLPItem> pair = list(row, 2);
      if (pair.size() != 2
          || heights.put(address(pair.getFirst()), number(pair.getLast())) != null) {
        throw new MalformedException("message: expected one height for each author");
      }
    }
    return heights;
  }

  private static List<Place> places(List<RLPItem> rows) throws MalformedException {
    List<Place> places = new ArrayList<>();
    for (RLPItem row : rows) {
      List<RLPItem> fields = list(row, 3);
      if (fields.size() != 3) {
        throw new MalformedException("message: expected author, sequence and id of each place");
      }
      places.add(new Place(address(fields.get(0)), number(fields.get(1)), id(fields.get(2))));
    }
    return places;
  }

  private static Hash32 id(RLPItem item) throws MalformedException {
    Bytes bytes = text(item);
    if (bytes.size() != 32) {
      throw new MalformedException("message: expected an id of 32 bytes");
    }
    return new Hash32(bytes);
  }

  private static Bytes text(RLPItem item) throws MalformedException {
    if (item.isList()) {
      throw new MalformedException("message: unexpected nested list");
    }
    return Bytes.of(item.data());
  }

  private static List<RLPItem> list(RLPItem item, int most) throws MalformedException {
    if (!item.isList()) {
      throw new MalformedException("message: expected a nested list");
    }
    List<RLPItem> elements = item.asRLPList().elements();
    if (elements.size() > most) {
      throw new MalformedException("message: a list of " + elements.size() + " of at most " + most);
    }
    return elements;
  }

  private static Address address(RLPItem item) throws MalformedException {
    Bytes bytes = text(item);
    if (bytes.size() != 20) {
      throw new MalformedException("message: expected an author of 20 bytes");
    }
    return new Address(bytes);
  }

  private static long number(RLPItem item) throws MalformedException {
    Bytes digits = text(item);
    if (digits.size() > 8
        || (!digits.isEmpty() && digits.at(0) == 0)
        || (digits.size() == 8 && digits.at(0) > 0x7f)) {
      throw new MalformedException("message: number out of range");
    }
    long value = 0;
    for (int i = 0; i < digits.size(); i++) {
      value = value << 8 | digits.at(i);
    }
    return value;
  }
}
