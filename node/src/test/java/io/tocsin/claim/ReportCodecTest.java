package io.tocsin.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.CanonicalJson;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.crypto.Domain;
import io.tocsin.crypto.Keccak;
import io.tocsin.crypto.KeyDirectory;
import io.tocsin.crypto.KeyPair;
import io.tocsin.crypto.Secp256k1;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.web3j.crypto.StructuredDataEncoder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

final class ReportCodecTest {
  private static final Address AUTHOR = Address.hex("0x00000000000000000000000000000000000000aa");
  private static final Instant WRITTEN = Instant.parse("2026-06-01T00:00:02.5Z");

  private static Bytes bundle(Claim claim) {
    return ReportCodec.encode(Samples.report(claim), AUTHOR, WRITTEN);
  }

  private static Bytes changed(Consumer<ObjectNode> change) throws MalformedException {
    ObjectNode bundle = (ObjectNode) Json.parse(bundle(Samples.mined(1)).toArray());
    change.accept(bundle);
    return CanonicalJson.write(bundle);
  }

  private static ObjectNode of(ObjectNode bundle, String type) {
    for (JsonNode object : (ArrayNode) bundle.get("objects")) {
      if (object.get("type").stringValue().equals(type)) {
        return (ObjectNode) object;
      }
    }
    throw new IllegalArgumentException(type);
  }

  private static ObjectNode extension(ObjectNode bundle) {
    return (ObjectNode) of(bundle, "report").get("extensions").get(Bundle.EXTENSION);
  }

  @Test
  void everyKindSurvives() throws MalformedException {
    for (Claim claim : Samples.everyKind()) {
      Report report = Samples.report(claim);
      Bytes bundle = bundle(claim);
      assertThat(ReportCodec.decode(bundle)).isEqualTo(report);
      assertThat(bundle).isEqualTo(bundle(claim));
      assertThat(CanonicalJson.write(Json.parse(bundle.toArray()))).isEqualTo(bundle);
    }
  }

  @Test
  void identifiersTellAuthorsAndClaimsApart() throws MalformedException {
    Bytes mine = bundle(Samples.mined(1));
    Bytes other =
        ReportCodec.encode(
            Samples.report(Samples.mined(1)),
            Address.hex("0x00000000000000000000000000000000000000bb"),
            WRITTEN);
    String id = Json.text(Json.parse(mine.toArray()), "id");
    assertThat(Json.text(Json.parse(other.toArray()), "id")).isNotEqualTo(id);
    assertThat(Json.text(Json.parse(bundle(Samples.mined(2)).toArray()), "id")).isNotEqualTo(id);
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    List<Consumer<ObjectNode>> changes =
        List.of(
            b -> b.put("x", 1),
            b -> of(b, "report").put("x_more", 1),
            b -> of(b, "observed-data").put("x_more", 1),
            b -> of(b, "identity").put("type", "malware"),
            b -> extension(b).put("more", true),
            b -> ((ObjectNode) extension(b).get("claim")).put("more", true),
            b -> ((ObjectNode) extension(b).get("evidence")).put("more", true),
            b -> ((ObjectNode) of(b, "report").get("extensions")).putObject("other-ext"),
            b -> of(b, "report").put("spec_version", "2.0"),
            b -> of(b, "report").put("created_by_ref", "identity--" + "0".repeat(36)),
            b -> extension(b).put("claim_id", Samples.mined(2).id().toString()),
            b -> ((ArrayNode) b.get("objects")).add(of(b, "report").deepCopy()),
            b -> ((ArrayNode) b.get("objects")).removeAll(),
            b -> of(b, "report").put("id", "report--1"),
            b -> of(b, "report").put("published", "yesterday"));
    for (Consumer<ObjectNode> change : changes) {
      assertThatThrownBy(() -> ReportCodec.decode(changed(change)))
          .isInstanceOf(MalformedException.class);
    }
  }

  @Test
  void refusesDuplicateKeysDeepNestingAndSize() {
    String text = bundle(Samples.mined(1)).toUtf8();
    assertThatThrownBy(
            () ->
                ReportCodec.decode(
                    Bytes.utf8(
                        text.replaceFirst(
                            "\\{\"id\"", "{\"type\":\"bundle\",\"type\":\"bundle\",\"id\""))))
        .isInstanceOf(MalformedException.class);
    String deep = "[".repeat(200) + "]".repeat(200);
    assertThatThrownBy(
            () ->
                ReportCodec.decode(
                    Bytes.utf8(text.replaceFirst("\"facts\":\\[", "\"facts\":[" + deep + ","))))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("not valid JSON");
    assertThatThrownBy(
            () -> ReportCodec.decode(Bytes.utf8(text + " ".repeat(ReportCodec.MAX_BYTES))))
        .hasMessageContaining("256 KiB");
    assertThatThrownBy(() -> ReportCodec.decode(Bytes.utf8(text + "{}")))
        .isInstanceOf(MalformedException.class);
  }

  @Test
  void keepsHostileTextAsData() throws MalformedException {
    Report report =
        new Report(
            Samples.mined(1),
            Samples.report(Samples.mined(1)).evidence(),
            "<script>alert(1)</script>\u001b[2J\",\"type\":\"report");
    assertThat(ReportCodec.decode(ReportCodec.encode(report, AUTHOR, WRITTEN))).isEqualTo(report);
  }

  private static final Domain TOWN = new Domain(Keccak.hashUtf8("town"));

  private final KeyPair member = KeyPair.generate(new Random(7));

  private ObjectNode signed() throws MalformedException {
    Bytes bundle =
        ReportCodec.encode(Samples.report(Samples.mined(1)), new Author(member, TOWN), WRITTEN);
    return (ObjectNode) Json.parse(bundle.toArray());
  }

  private KeyDirectory members(KeyPair... keys) {
    return account ->
        Stream.of(keys)
            .filter(key -> key.address().equals(account))
            .map(KeyPair::publicKey)
            .findFirst();
  }

  private static Report admitted(Domain domain, KeyDirectory keys, ObjectNode bundle)
      throws MalformedException {
    return ReportCodec.topic(domain, keys).decoder().decode(CanonicalJson.write(bundle));
  }

  @Test
  void anObjectSignatureIsCheckedAtTheDoor() throws MalformedException {
    KeyDirectory keys = members(member);
    assertThat(admitted(TOWN, keys, signed())).isEqualTo(Samples.report(Samples.mined(1)));
    ObjectNode unsigned = signed();
    extension(unsigned).remove("signature");
    assertThat(admitted(TOWN, keys, unsigned)).isEqualTo(Samples.report(Samples.mined(1)));
    KeyPair other = KeyPair.generate(new Random(8));
    ObjectNode foreign = signed();
    ObjectNode value = (ObjectNode) extension(foreign).get("signature");
    value.put("signer", other.address().toString());
    List<ThrowingCallable> lies =
        List.of(
            () -> admitted(Domain.JOINING, keys, signed()),
            () -> admitted(TOWN, members(other), signed()),
            () -> admitted(TOWN, members(member, other), foreign),
            () -> {
              ObjectNode bundle = signed();
              of(bundle, "report").put("description", "another story");
              admitted(TOWN, keys, bundle);
            },
            () -> {
              ObjectNode bundle = signed();
              ((ObjectNode) extension(bundle).get("signature")).put("more", 1);
              admitted(TOWN, keys, bundle);
            });
    for (ThrowingCallable lie : lies) {
      assertThatThrownBy(lie)
          .isInstanceOf(MalformedException.class)
          .hasMessageContaining("signature");
    }
  }

  @Test
  void anObjectSignatureSurvivesAnotherOrderAndTheLossOfItsBundle() throws MalformedException {
    ObjectNode report = of(signed(), "report");
    ObjectNode turned = Json.object();
    List<String> names = new ArrayList<>(report.propertyNames());
    Collections.reverse(names);
    names.forEach(name -> turned.set(name, report.get(name)));
    ReportCodec.Opened opened = ReportCodec.openObject(Bytes.utf8(Json.pretty(turned)));
    assertThat(opened.report()).isEqualTo(Samples.report(Samples.mined(1)));
    assertThat(opened.signature())
        .hasValueSatisfying(s -> assertThat(s.by(member.publicKey(), TOWN)).isTrue());
    turned.put("name", "another name");
    assertThat(ReportCodec.openObject(Bytes.utf8(Json.pretty(turned))).signature())
        .hasValueSatisfying(s -> assertThat(s.by(member.publicKey(), TOWN)).isFalse());
  }

  @Test
  void anObjectSignatureIsWhatWeb3jSignsOverTheCanonicalForm() throws Exception {
    ObjectNode report = of(signed(), "report");
    ObjectSignature signature = ObjectSignature.in(report).orElseThrow();
    ((ObjectNode) report.get("extensions").get(Bundle.EXTENSION)).remove("signature");
    Hash32 hash = Keccak.hash(CanonicalJson.write(report));
    assertThat(signature.objectHash()).isEqualTo(hash);
    String typed =
        """
        {"types":{"EIP712Domain":[{"name":"name","type":"string"},{"name":"version","type":"string"},
        {"name":"salt","type":"bytes32"}],"StixObject":[{"name":"signer","type":"address"},
        {"name":"objectHash","type":"bytes32"}]},"primaryType":"StixObject",
        "domain":{"name":"Tocsin","version":"1","salt":"%s"},
        "message":{"signer":"%s","objectHash":"%s"}}
        """
            .formatted(TOWN.salt(), member.address(), hash);
    Hash32 digest = Hash32.of(new StructuredDataEncoder(typed).hashStructuredData());
    assertThat(Secp256k1.verify(signature.signature(), digest, member.publicKey())).isTrue();
  }
}
