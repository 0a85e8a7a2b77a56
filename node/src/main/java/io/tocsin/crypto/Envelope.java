package io.tocsin.crypto;

import com.esaulpaugh.headlong.rlp.RLPDecoder;
import com.esaulpaugh.headlong.rlp.RLPEncoder;
import com.esaulpaugh.headlong.rlp.RLPItem;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Text;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A payload as its author signed it. The wire form is the RLP list {@code [1, topic, author,
 * sequence, payload, signature]}; the signature is over the EIP-712 struct {@code Envelope(string
 * topic,address author,uint64 sequence,bytes32 payloadHash)} in the federation's domain, the hash
 * being that of the payload bytes as received. Immutable; its identifier is hashed once, when first
 * asked for.
 */
public final class Envelope {
  /** The largest envelope on the wire, in bytes. */
  public static final int MAX_BYTES = 1 << 20;

  /** What an envelope adds to its payload at most, in bytes. */
  public static final int OVERHEAD = 256;

  private static final Hash32 TYPE =
      Keccak.hashUtf8("Envelope(string topic,address author,uint64 sequence,bytes32 payloadHash)");
  private static final Pattern TOPIC = Pattern.compile("[a-z][a-z0-9-]{0,31}");

  private final String topic;
  private final Address author;
  private final long sequence;
  private final Bytes payload;
  private final Signature signature;

  /** Hashing takes as long as checking the signature; a race only hashes twice. */
  private volatile @Nullable Hash32 id;

  /**
   * @param sequence the author's own count, from 1, without gaps
   */
  public Envelope(String topic, Address author, long sequence, Bytes payload, Signature signature) {
    if (!TOPIC.matcher(topic).matches()) {
      throw new IllegalArgumentException("not a topic: " + Text.excerpt(topic));
    }
    if (sequence < 1) {
      throw new IllegalArgumentException("a sequence starts at 1, not " + sequence);
    }
    this.topic = topic;
    this.author = author;
    this.sequence = sequence;
    this.payload = payload;
    this.signature = signature;
  }

  /** Signs {@code payload} as the {@code sequence}-th message of {@code signer}. */
  public static Envelope seal(
      Signer signer, Domain domain, String topic, long sequence, Bytes payload) {
    Hash32 struct = structHash(topic, signer.address(), sequence, payload);
    Envelope envelope =
        new Envelope(topic, signer.address(), sequence, payload, signer.sign(domain, struct));
    envelope.id = struct;
    return envelope;
  }

  private static Hash32 structHash(String topic, Address author, long sequence, Bytes payload) {
    return StructHash.ofTypeHash(TYPE)
        .string(topic)
        .address(author)
        .uint(sequence)
        .bytes32(Keccak.hash(payload))
        .hash();
  }

  /** The struct hash that is signed; it identifies the envelope. */
  public Hash32 id() {
    Hash32 known = id;
    if (known == null) {
      known = structHash(topic, author, sequence, payload);
      id = known;
    }
    return known;
  }

  public String topic() {
    return topic;
  }

  public Address author() {
    return author;
  }

  public long sequence() {
    return sequence;
  }

  public Bytes payload() {
    return payload;
  }

  public Signature signature() {
    return signature;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Envelope that
        && sequence == that.sequence
        && topic.equals(that.topic)
        && author.equals(that.author)
        && payload.equals(that.payload)
        && signature.equals(that.signature);
  }

  @Override
  public int hashCode() {
    return signature.hashCode();
  }

  @Override
  public String toString() {
    return topic + " " + sequence + " of " + author;
  }

  /** Whether {@code key} signed this envelope in {@code domain}. */
  public boolean signedBy(PublicKey key, Domain domain) {
    return key.address().equals(author) && Secp256k1.verify(signature, domain.digest(id()), key);
  }

  /** The wire form. */
  public Bytes encode() {
    return Bytes.of(
        RLPEncoder.list(
            new byte[] {1},
            topic.getBytes(StandardCharsets.US_ASCII),
            author.toArray(),
            unsigned(sequence),
            payload.toArray(),
            signature.bytes().toArray()));
  }

  private static byte[] unsigned(long value) {
    int length = (Long.SIZE - Long.numberOfLeadingZeros(value) + 7) / 8;
    byte[] digits = new byte[length];
    for (int i = 0; i < length; i++) {
      digits[length - 1 - i] = (byte) (value >>> (8 * i));
    }
    return digits;
  }

  /**
   * Reads the wire form; only its canonical encoding is accepted.
   *
   * @throws MalformedException if {@code wire} is anything else
   */
  public static Envelope decode(Bytes wire) throws MalformedException {
    List<Bytes> fields = new ArrayList<>();
    try {
      byte[] content = wire.toArray();
      RLPItem item = RLPDecoder.RLP_STRICT.wrap(content);
      if (!item.isList() || item.endIndex != content.length) {
        throw new MalformedException("envelope: expected one RLP list");
      }
      for (RLPItem field : item.asRLPList().elements()) {
        if (field.isList()) {
          throw new MalformedException("envelope: unexpected nested list");
        }
        fields.add(Bytes.of(field.data()));
      }
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new MalformedException("envelope: not canonical RLP", e);
    }
    if (fields.size() != 6 || !fields.get(0).equals(Bytes.of((byte) 1))) {
      throw new MalformedException("envelope: expected six fields of version 1");
    }
    Bytes number = fields.get(3);
    if (fields.get(2).size() != 20
        || number.isEmpty()
        || number.size() > 8
        || number.at(0) == 0
        || (number.size() == 8 && number.at(0) > 0x7f)) {
      throw new MalformedException("envelope: author or sequence out of range");
    }
    long sequence = 0;
    for (int i = 0; i < number.size(); i++) {
      sequence = sequence << 8 | number.at(i);
    }
    String topic = new String(fields.get(1).toArray(), StandardCharsets.US_ASCII);
    if (!TOPIC.matcher(topic).matches()) {
      throw new MalformedException("envelope: not a topic: " + Text.excerpt(topic));
    }
    return new Envelope(
        topic, new Address(fields.get(2)), sequence, fields.get(4), Signature.parse(fields.get(5)));
  }
}
