package io.tocsin.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.base.Hash32;
import io.tocsin.crypto.Domain;
import io.tocsin.crypto.Keccak;
import io.tocsin.crypto.KeyPair;
import io.tocsin.crypto.Signature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.web3j.crypto.StructuredDataEncoder;

final class RosterTest {
  private static final String DOMAIN =
      "\"EIP712Domain\":[{\"name\":\"name\",\"type\":\"string\"},{\"name\":\"version\",\"type\":\"string\"},{\"name\":\"salt\",\"type\":\"bytes32\"}]";

  private final List<KeyPair> keys = Samples.keys(1, 5);

  @Test
  void memberRecordHashesLikeWeb3j() throws Exception {
    Member member = Samples.member(keys.getFirst(), 3);
    String typed =
        """
        {"types":{%s,"Member":[{"name":"account","type":"address"},{"name":"publicKey","type":"bytes"},
        {"name":"tlsKeyHash","type":"bytes32"},{"name":"x25519","type":"bytes32"},{"name":"endpoint","type":"string"},
        {"name":"operator","type":"string"},{"name":"weight","type":"uint64"}]},"primaryType":"Member",
        "domain":{"name":"Tocsin","version":"1","salt":"%s"},
        "message":{"account":"%s","publicKey":"%s","tlsKeyHash":"%s","x25519":"%s","endpoint":"%s","operator":"%s","weight":3}}
        """
            .formatted(
                DOMAIN,
                Hash32.ZERO,
                member.account(),
                member.key(),
                member.keys().tls(),
                member.keys().x25519(),
                member.contact().endpoint(),
                member.contact().operator());
    assertThat(Domain.JOINING.digest(member.structHash()).toArray())
        .isEqualTo(new StructuredDataEncoder(typed).hashStructuredData());
    assertThat(member.authentic()).isTrue();
    assertThat(member.did()).isEqualTo("did:pkh:eip155:1:" + keys.getFirst().address());
  }

  @Test
  void rosterHashesLikeWeb3j() throws Exception {
    Roster roster = Samples.roster(2, Keccak.hashUtf8("parent"), Samples.BEGIN, keys);
    StringBuilder seats = new StringBuilder();
    for (Seat seat : roster.seats()) {
      seats
          .append(seats.isEmpty() ? "" : ",")
          .append(
              "{\"account\":\"%s\",\"weight\":%d,\"operator\":\"%s\"}"
                  .formatted(seat.account(), seat.weight(), seat.operator()));
    }
    Domain domain = new Domain(Keccak.hashUtf8("federation"));
    String typed =
        """
        {"types":{%s,"Seat":[{"name":"account","type":"address"},{"name":"weight","type":"uint64"},{"name":"operator","type":"bytes32"}],
        "Roster":[{"name":"epoch","type":"uint64"},{"name":"parent","type":"bytes32"},{"name":"validFrom","type":"uint64"},
        {"name":"validUntil","type":"uint64"},{"name":"seats","type":"Seat[]"},{"name":"details","type":"bytes32"}]},
        "primaryType":"Roster","domain":{"name":"Tocsin","version":"1","salt":"%s"},
        "message":{"epoch":2,"parent":"%s","validFrom":%d,"validUntil":%d,"seats":[%s],"details":"%s"}}
        """
            .formatted(
                DOMAIN,
                domain.salt(),
                roster.parent(),
                roster.term().from().getEpochSecond(),
                roster.term().until().getEpochSecond(),
                seats,
                roster.details());
    assertThat(domain.digest(roster.hash()).toArray())
        .isEqualTo(new StructuredDataEncoder(typed).hashStructuredData());
  }

  @Test
  void hashDependsOnEveryDetailOfAMember() {
    Roster roster = Samples.roster(1, Hash32.ZERO, Samples.BEGIN, keys);
    List<Member> moved = new ArrayList<>(roster.members());
    Member first = moved.getFirst();
    KeyPair key =
        keys.stream().filter(k -> k.address().equals(first.account())).findFirst().orElseThrow();
    moved.set(
        0,
        Member.sign(key, first.keys(), new Contact("elsewhere:1", first.contact().operator()), 1));
    Roster other = new Roster(1, Hash32.ZERO, roster.term(), moved);
    assertThat(other.hash()).isNotEqualTo(roster.hash());
    assertThat(other.seats()).isEqualTo(roster.seats());
  }

  @Test
  void aChangedRecordIsNotAuthentic() {
    Member member = Samples.member(keys.getFirst(), 1);
    Signature foreign = Samples.member(keys.getLast(), 1).signature();
    assertThat(
            new Member(member.key(), member.keys(), member.contact(), 2, member.signature())
                .authentic())
        .isFalse();
    assertThat(new Member(member.key(), member.keys(), member.contact(), 1, foreign).authentic())
        .isFalse();
  }

  private Roster weighted(long... weights) {
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      members.add(Samples.member(keys.get(i), weights[i]));
    }
    return new Roster(
        1, Hash32.ZERO, new Term(Samples.BEGIN, Samples.BEGIN.plusSeconds(60)), members);
  }

  @Test
  void quorumIsMoreThanTwoThirds() {
    assertThat(weighted(1, 1, 1, 1).quorumWeight()).isEqualTo(3);
    assertThat(weighted(1, 1, 1, 1, 1).quorumWeight()).isEqualTo(4);
    Roster roster = weighted(2, 2, 2, 2, 1);
    assertThat(roster.quorum(6)).isFalse();
    assertThat(roster.quorum(7)).isTrue();
  }

  @Test
  void refusesAMemberOrOperatorWithAThird() {
    assertThatThrownBy(() -> weighted(2, 2, 2, 3)).hasMessageContaining("has a third");
    assertThatThrownBy(() -> weighted(1, 1, 1)).hasMessageContaining("4 to 100");
    List<Member> members = new ArrayList<>();
    for (KeyPair key : keys) {
      Member own = Samples.member(key, 1);
      String operator = members.size() < 2 ? "One" : own.contact().operator();
      members.add(Member.sign(key, own.keys(), new Contact(own.contact().endpoint(), operator), 1));
    }
    assertThatThrownBy(
            () ->
                new Roster(
                    1,
                    Hash32.ZERO,
                    new Term(Samples.BEGIN, Samples.BEGIN.plus(Duration.ofDays(1))),
                    members))
        .hasMessageContaining("operator \"One\"");
  }

  @Test
  void refusesKeysThatTwoMembersShare() {
    List<Member> members = new ArrayList<>();
    for (KeyPair key : keys) {
      Member own = Samples.member(key, 1);
      Member.Keys shared = new Member.Keys(Keccak.hashUtf8("one TLS key"), own.keys().x25519());
      members.add(Member.sign(key, shared, own.contact(), 1));
    }
    assertThatThrownBy(
            () ->
                new Roster(
                    1, Hash32.ZERO, new Term(Samples.BEGIN, Samples.BEGIN.plusSeconds(1)), members))
        .hasMessageContaining("of another member");
  }

  @Test
  void refusesEndpointsAndOperatorsThatAreNone() {
    assertThatThrownBy(() -> new Contact("no port", "x")).hasMessageContaining("endpoint");
    assertThatThrownBy(() -> new Contact("host:70000", "x")).hasMessageContaining("endpoint");
    assertThatThrownBy(() -> new Contact("host:1", "a\u202eb")).hasMessageContaining("operator");
    assertThat(new Contact("[::1]:7", "x").host()).isEqualTo("::1");
  }
}
