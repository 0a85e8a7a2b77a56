package io.tocsin.gossip;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.MalformedException;
import io.tocsin.crypto.Domain;
import io.tocsin.crypto.Envelope;
import io.tocsin.crypto.Keccak;
import io.tocsin.crypto.KeyDirectory;
import io.tocsin.crypto.KeyPair;
import io.tocsin.crypto.PublicKey;
import io.tocsin.crypto.Topic;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** A seeded federation whose members talk in text; a text that begins with "!" is unreadable. */
public final class Samples {
  /** The federation's domain. */
  public static final Domain DOMAIN = new Domain(Keccak.hashUtf8("federation"));

  /** A topic of short texts. */
  public static final Topic<String> TALK = new Topic<>("talk", Samples::text, 1_000);

  private final List<KeyPair> members = new ArrayList<>();
  private final Set<Address> revoked = new HashSet<>();
  private final Set<Address> departed = new HashSet<>();

  /** {@code size} members drawn from {@code seed}. */
  public Samples(int size, long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < size; i++) {
      members.add(KeyPair.generate(random));
    }
  }

  private static String text(Bytes payload) throws MalformedException {
    String text = payload.toUtf8();
    if (text.startsWith("!")) {
      throw new MalformedException("unreadable");
    }
    return text;
  }

  /** The key of a member. */
  public KeyPair key(int member) {
    return members.get(member);
  }

  /** The account of a member. */
  public Address account(int member) {
    return key(member).address();
  }

  /** Takes a member out of the directory, or back in. */
  public void revoke(int member, boolean gone) {
    var _ = gone ? revoked.add(account(member)) : revoked.remove(account(member));
  }

  /** Ends a member's seat in good standing. */
  public void depart(int member) {
    departed.add(account(member));
  }

  /** Everybody's keys. */
  public KeyDirectory keys() {
    return new KeyDirectory() {
      @Override
      public Optional<PublicKey> keyOf(Address account) {
        return departed.contains(account) ? Optional.empty() : everKeyOf(account);
      }

      @Override
      public Optional<PublicKey> everKeyOf(Address account) {
        return revoked.contains(account)
            ? Optional.empty()
            : members.stream()
                .filter(key -> key.address().equals(account))
                .map(KeyPair::publicKey)
                .findFirst();
      }

      @Override
      public boolean trustworthy(Set<Address> witnesses) {
        return 3 * witnesses.size() >= members.size();
      }
    };
  }

  /** One member's view. */
  public Membership membership(int member) {
    return new Membership(key(member), DOMAIN, keys());
  }

  /** A signed text in wire form. */
  public Bytes talk(int author, long sequence, String text) {
    return Envelope.seal(key(author), DOMAIN, "talk", sequence, Bytes.utf8(text)).encode();
  }
}
