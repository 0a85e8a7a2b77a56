package io.tocsin.identity;

import io.tocsin.base.Json;
import io.tocsin.base.JsonFields;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Text;
import io.tocsin.crypto.PublicKey;
import io.tocsin.crypto.Signature;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Members, rosters and revocations as JSON that people can read. */
public final class RosterJson {
  private static final String MEMBER = "tocsin-member/1";
  private static final List<String> MEMBER_FIELDS =
      List.of(
          "account",
          "publicKey",
          "tlsKey",
          "x25519",
          "endpoint",
          "operator",
          "weight",
          "signature");
  private static final List<String> ROSTER_FIELDS =
      List.of("epoch", "parent", "validFrom", "validUntil", "hash", "members", "signatures");

  private RosterJson() {}

  /** The JSON object of a member, as in a roster. */
  public static ObjectNode write(Member member) {
    return Json.object()
        .put("account", member.account().toString())
        .put("publicKey", member.key().toString())
        .put("tlsKey", member.keys().tls().toString())
        .put("x25519", member.keys().x25519().toString())
        .put("endpoint", member.contact().endpoint())
        .put("operator", member.contact().operator())
        .put("weight", member.weight())
        .put("signature", member.signature().toString());
  }

  /** The document a member hands to whoever draws up the roster. */
  public static ObjectNode memberDocument(Member member) {
    ObjectNode document = Json.object().put("format", MEMBER);
    document.set("member", write(member));
    return document;
  }

  /**
   * Reads {@link #memberDocument}; the member's signature must hold.
   *
   * @throws MalformedException naming the field at fault
   */
  public static Member memberDocument(JsonNode document) throws MalformedException {
    JsonFields in = JsonFields.of(document, "document", List.of("format", "member"));
    in.constant("format", MEMBER);
    Member member = member(in.node("member"), "member");
    if (!member.authentic()) {
      throw new MalformedException("member.signature: not made by " + member.account());
    }
    return member;
  }

  static Member member(JsonNode node, String path) throws MalformedException {
    JsonFields in = JsonFields.of(node, path, MEMBER_FIELDS);
    PublicKey key;
    try {
      key = PublicKey.parse(in.bytes("publicKey", 64));
    } catch (MalformedException e) {
      throw in.fault("publicKey", String.valueOf(e.getMessage()));
    }
    if (!key.address().equals(in.address("account"))) {
      throw in.fault("account", "not the account of the public key");
    }
    try {
      return new Member(
          key,
          new Member.Keys(in.hash("tlsKey"), in.hash("x25519")),
          new Contact(in.text("endpoint", 300), in.text("operator", 64)),
          in.number("weight"),
          signature(in));
    } catch (IllegalArgumentException e) {
      throw new MalformedException(path + "." + e.getMessage(), e);
    }
  }

  private static Signature signature(JsonFields in) throws MalformedException {
    try {
      return Signature.parse(in.bytes("signature", 65));
    } catch (MalformedException e) {
      throw in.fault("signature", String.valueOf(e.getMessage()));
    }
  }

  static ObjectNode write(SignedRoster signed) {
    Roster roster = signed.roster();
    ObjectNode out =
        Json.object()
            .put("epoch", roster.epoch())
            .put("parent", roster.parent().toString())
            .put("validFrom", roster.term().from().toString())
            .put("validUntil", roster.term().until().toString())
            .put("hash", roster.hash().toString());
    ArrayNode members = out.putArray("members");
    roster.members().forEach(member -> members.add(write(member)));
    ArrayNode signatures = out.putArray("signatures");
    for (Endorsement endorsement : signed.endorsements()) {
      signatures
          .addObject()
          .put("signer", endorsement.signer().toString())
          .put("signature", endorsement.signature().toString());
    }
    return out;
  }

  static SignedRoster roster(JsonNode node, String path) throws MalformedException {
    JsonFields in = JsonFields.of(node, path, ROSTER_FIELDS);
    List<Member> members = new ArrayList<>();
    for (JsonNode member : in.list("members", Roster.MAX_MEMBERS)) {
      members.add(member(member, path + ".members[" + members.size() + "]"));
    }
    List<Endorsement> endorsements = new ArrayList<>();
    for (JsonNode one : in.list("signatures", Roster.MAX_MEMBERS)) {
      JsonFields endorsement =
          JsonFields.of(
              one,
              path + ".signatures[" + endorsements.size() + "]",
              List.of("signer", "signature"));
      endorsements.add(new Endorsement(endorsement.address("signer"), signature(endorsement)));
    }
    try {
      Roster roster =
          new Roster(
              in.number("epoch"),
              in.hash("parent"),
              new Term(time(in, "validFrom"), time(in, "validUntil")),
              members);
      if (!roster.hash().equals(in.hash("hash"))) {
        throw in.fault("hash", "the roster's content hashes to " + roster.hash());
      }
      return new SignedRoster(roster, endorsements);
    } catch (IllegalArgumentException e) {
      throw new MalformedException(path + ": " + e.getMessage(), e);
    }
  }

  private static Instant time(JsonFields in, String name) throws MalformedException {
    String text = in.text(name, 30);
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw in.fault(
          name, "expected a time such as 2026-01-01T00:00:00Z, found " + Text.excerpt(text));
    }
  }

  static ObjectNode write(DatedRevocation dated) {
    ObjectNode out =
        Json.object()
            .put("account", dated.account().toString())
            .put("signature", dated.revocation().signature().toString());
    return dated.epoch() == 0 ? out : out.put("epoch", dated.epoch());
  }

  static DatedRevocation revocation(JsonNode node, String path) throws MalformedException {
    JsonFields in = JsonFields.of(node, path, List.of("account", "signature", "epoch"));
    return new DatedRevocation(
        new Revocation(in.address("account"), signature(in)),
        in.has("epoch") ? in.number("epoch") : 0);
  }
}
