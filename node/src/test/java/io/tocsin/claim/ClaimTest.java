package io.tocsin.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.base.Bytes;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.crypto.Domain;
import io.tocsin.crypto.Keccak;
import org.junit.jupiter.api.Test;
import org.web3j.crypto.StructuredDataEncoder;
import tools.jackson.databind.node.ObjectNode;

final class ClaimTest {
  private final Domain domain = new Domain(Keccak.hashUtf8("federation"));

  private void sameAsWeb3j(Claim claim, String type, String fields) throws Exception {
    StringBuilder members = new StringBuilder();
    for (String field : fields.split(",", -1)) {
      String[] parts = field.split(" ", 2);
      members
          .append(members.isEmpty() ? "" : ",")
          .append("{\"name\":\"%s\",\"type\":\"%s\"}".formatted(parts[1], parts[0]));
    }
    ObjectNode message = ClaimJson.write(claim);
    message.remove("kind");
    String typed =
        """
        {"types":{"EIP712Domain":[{"name":"name","type":"string"},{"name":"version","type":"string"},{"name":"salt","type":"bytes32"}],
        "%s":[%s]},"primaryType":"%s","domain":{"name":"Tocsin","version":"1","salt":"%s"},"message":%s}
        """
            .formatted(type, members, type, domain.salt(), message);
    assertThat(domain.digest(claim.id()).toArray())
        .isEqualTo(new StructuredDataEncoder(typed).hashStructuredData());
  }

  @Test
  void idsAreTheStructHashesOfWeb3j() throws Exception {
    sameAsWeb3j(
        Samples.mined(1),
        "ExploitMined",
        "string chain,bytes32 tx,bytes32 block,uint64 blockTime,address subject,bytes32"
            + " subjectCode");
    sameAsWeb3j(
        Samples.pending(1),
        "ExploitPending",
        "string chain,bytes32 tx,address sender,uint64 nonce,bytes32 head,uint64 headTime,address"
            + " subject,bytes32 subjectCode");
    sameAsWeb3j(Samples.allClear(1), "AllClear", "bytes32 claimId,string chain,bytes32 block");
    sameAsWeb3j(Samples.rosterChanged(), "RosterChanged", "uint64 epoch,bytes32 rosterHash");
  }

  @Test
  void everyKindSurvivesWireAndJson() throws MalformedException {
    for (Claim claim : Samples.everyKind()) {
      assertThat(ClaimWire.decode(ClaimWire.encode(claim))).isEqualTo(claim);
      Bytes canonical = ClaimJson.canonical(claim);
      assertThat(ClaimJson.read(Json.parse(canonical.toArray()))).isEqualTo(claim);
      assertThat(ClaimKind.ofCode(claim.kind().code())).contains(claim.kind());
    }
  }

  @Test
  void refusesAnyOtherBytes() {
    for (Claim claim : Samples.everyKind()) {
      Bytes wire = ClaimWire.encode(claim);
      for (int cut = 0; cut < wire.size(); cut++) {
        Bytes part = wire.slice(0, cut);
        assertThatThrownBy(() -> ClaimWire.decode(part)).isInstanceOf(MalformedException.class);
      }
      assertThatThrownBy(() -> ClaimWire.decode(wire.concat(Bytes.of((byte) 0))))
          .isInstanceOf(MalformedException.class);
    }
  }

  @Test
  void refusesUnknownMissingAndWrongFieldsByName() {
    ObjectNode unknown = ClaimJson.write(Samples.mined(1)).put("extra", 1);
    assertThatThrownBy(() -> ClaimJson.read(unknown)).hasMessageContaining("extra");
    ObjectNode missing = ClaimJson.write(Samples.mined(1));
    missing.remove("tx");
    assertThatThrownBy(() -> ClaimJson.read(missing)).hasMessageContaining("claim.tx: missing");
    ObjectNode wrong = ClaimJson.write(Samples.mined(1)).put("blockTime", "soon");
    assertThatThrownBy(() -> ClaimJson.read(wrong)).hasMessageContaining("claim.blockTime");
    ObjectNode negative = ClaimJson.write(Samples.pending(1)).put("nonce", -1);
    assertThatThrownBy(() -> ClaimJson.read(negative)).hasMessageContaining("claim.nonce");
    ObjectNode kind = ClaimJson.write(Samples.mined(1)).put("kind", "rumour");
    assertThatThrownBy(() -> ClaimJson.read(kind)).hasMessageContaining("claim.kind");
  }

  @Test
  void aSummaryNamesChainVictimAndTransaction() {
    assertThat(Samples.mined(1).summary())
        .contains("exploit-mined on eip155:1")
        .contains(Samples.mined(1).tx().toString())
        .contains(Samples.mined(1).subject().address().toString())
        .contains(Samples.mined(1).id().toString());
    for (Claim claim : Samples.everyKind()) {
      assertThat(claim.summary()).startsWith(claim.kind().text());
    }
  }
}
