package io.tocsin.app;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Text;
import io.tocsin.claim.Claim;
import io.tocsin.claim.ClaimJson;
import io.tocsin.claim.ObjectSignature;
import io.tocsin.claim.ReportCodec;
import io.tocsin.crypto.Envelope;
import io.tocsin.identity.FederationFile;
import io.tocsin.identity.Member;
import io.tocsin.identity.Revocation;
import io.tocsin.identity.RosterJson;
import io.tocsin.identity.Rosters;
import io.tocsin.quorum.Attestation;
import io.tocsin.quorum.Check;
import io.tocsin.quorum.Committee;
import io.tocsin.quorum.Equivocation;
import io.tocsin.quorum.QuorumCertificate;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Finds out what some bytes are and checks them, line by line. Owned by one thread; used once. */
final class Verification {
  private final @Nullable Rosters rosters;
  private final List<Line> lines = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private String kind = "unknown";

  Verification(@Nullable Rosters rosters) {
    this.rosters = rosters;
  }

  /** One thing checked. */
  record Line(boolean holds, String text) {}

  String kind() {
    return kind;
  }

  List<Line> lines() {
    return lines;
  }

  List<String> notes() {
    return notes;
  }

  boolean holds() {
    return !lines.isEmpty() && lines.stream().allMatch(Line::holds);
  }

  private void line(boolean holds, String text) {
    lines.add(new Line(holds, text));
  }

  private Rosters needed() {
    if (rosters == null) {
      throw CommandException.usage(
          "a " + kind + " is verified against rosters: give --roster FILE");
    }
    return rosters;
  }

  void verify(byte[] content) {
    String text = new String(content, StandardCharsets.UTF_8).strip();
    if (text.startsWith("{")) {
      document(content);
      return;
    }
    Bytes wire = Bytes.of(content);
    if (text.startsWith("0x")) {
      try {
        wire = Bytes.parse(text);
      } catch (MalformedException e) {
        line(false, "hex: " + e.getMessage());
        return;
      }
    }
    if (!envelope(wire) && !certificate(wire) && !attestation(wire) && !equivocation(wire)) {
      revocation(wire);
    }
  }

  private void document(byte[] content) {
    try {
      JsonNode root = Json.parseForeign(content);
      String format = root.has("format") ? Json.text(root, "format") : "";
      if (format.startsWith("tocsin-federation/")) {
        kind = "federation file";
        federation(FederationFile.read(content));
      } else if (format.startsWith("tocsin-member/")) {
        kind = "member record";
        Member member = RosterJson.memberDocument(root);
        line(true, "signed by " + member.account() + " itself");
      } else if (root.has("objects")) {
        kind = "report";
        ReportCodec.Opened opened = ReportCodec.open(Bytes.of(content));
        line(true, "well-formed STIX 2.1 bundle with one claim");
        report(opened);
      } else if (root.has("type") && Json.text(root, "type").equals("report")) {
        kind = "report object";
        ReportCodec.Opened opened = ReportCodec.openObject(Bytes.of(content));
        line(true, "well-formed STIX 2.1 report with one claim");
        report(opened);
      } else {
        line(false, "no document of ours: it has no known format");
      }
    } catch (MalformedException e) {
      line(false, String.valueOf(e.getMessage()));
    }
  }

  private void report(ReportCodec.Opened opened) {
    claim(opened.report().claim());
    if (opened.signature().isEmpty()) {
      line(false, "it carries no signature: its author is only alleged");
      return;
    }
    ObjectSignature signature = opened.signature().get();
    Optional<Member> author = needed().everMember(signature.signer());
    line(author.isPresent(), "its author " + signature.signer() + " is or was a member");
    line(
        author.filter(m -> signature.by(m.key(), needed().federation().domain())).isPresent(),
        "its author signed the report object " + signature.objectHash());
    revoked(signature.signer());
  }

  private void federation(FederationFile file) throws MalformedException {
    line(true, "every hash follows from its content, the federation's id included");
    switch (file.load(InstantSource.system())) {
      case FederationFile.Loaded.Standing(Rosters read, var proposal) -> {
        line(true, read.history().size() + " rosters, each signed by the quorum before it");
        line(true, file.revocations().size() + " revocations, each signed by its owner");
        proposal.ifPresent(p -> notes.add("the last roster waits: " + p.lacks()));
      }
      case FederationFile.Loaded.Founding(FederationFile.Proposal proposal) ->
          line(false, "the founding roster waits: " + proposal.lacks());
    }
    if (rosters != null) {
      line(
          rosters.federation().equals(file.federation()),
          "it is the federation of the --roster file");
    }
  }

  private boolean envelope(Bytes wire) {
    Envelope envelope;
    try {
      envelope = Envelope.decode(wire);
    } catch (MalformedException e) {
      return false;
    }
    kind = "signed " + envelope.topic();
    Optional<Member> author = needed().everMember(envelope.author());
    line(author.isPresent(), "its author " + envelope.author() + " is or was a member");
    boolean signed =
        author.isPresent() && envelope.signedBy(author.get().key(), needed().federation().domain());
    line(signed, "its author signed it as message " + envelope.sequence());
    revoked(envelope.author());
    try {
      if (envelope.topic().equals(ReportCodec.TOPIC.name())) {
        ReportCodec.Opened opened = ReportCodec.open(envelope.payload());
        line(true, "well-formed STIX 2.1 bundle with one claim");
        if (opened.signature().isPresent()) {
          report(opened);
        } else {
          claim(opened.report().claim());
        }
      } else if (envelope.topic().equals(Attestation.TOPIC.name())) {
        check(Attestation.decode(envelope.payload()), envelope.author());
      } else if (envelope.topic().equals(Committee.TOPIC.name())) {
        certificate(envelope.payload());
      } else {
        notes.add("the payload of topic " + envelope.topic() + " was not looked into");
      }
    } catch (MalformedException e) {
      line(false, String.valueOf(e.getMessage()));
    }
    return true;
  }

  private void check(Attestation attestation, Address author) {
    Optional<Member> member = needed().member(attestation.epoch(), author);
    line(member.isPresent(), author + " has a seat in epoch " + attestation.epoch());
    line(
        member.isPresent()
            && attestation.signedBy(member.get().key(), needed().federation().domain()),
        author + " signed " + attestation.verdict() + " on claim " + attestation.claimId());
  }

  private boolean attestation(Bytes wire) {
    Attestation attestation;
    try {
      attestation = Attestation.decode(wire);
    } catch (MalformedException e) {
      return false;
    }
    kind = "attestation";
    Optional<Member> signer =
        needed().epoch(attestation.epoch()).stream()
            .flatMap(roster -> roster.members().stream())
            .filter(m -> attestation.signedBy(m.key(), needed().federation().domain()))
            .findFirst();
    line(
        signer.isPresent(),
        signer
            .map(m -> m.account() + " signed " + attestation.verdict())
            .orElse("no member of epoch " + attestation.epoch() + " signed this"));
    signer.ifPresent(m -> revoked(m.account()));
    notes.add("claim " + attestation.claimId());
    return true;
  }

  private boolean certificate(Bytes wire) {
    if (!QuorumCertificate.resembles(wire)) {
      return false;
    }
    kind = "certificate";
    Committee committee = new Committee(needed());
    switch (committee.verify(wire)) {
      case Check.Valid(QuorumCertificate certificate) -> {
        line(true, "verdict Confirm, signers ascending and distinct, every signature holds");
        line(
            true,
            certificate.endorsements().size()
                + " members of epoch "
                + certificate.epoch()
                + " with more than two thirds of its weight");
        claim(certificate.claim());
        if (!committee.actionable(certificate, InstantSource.system().instant())) {
          notes.add("its epoch is over: no action may rest on it now");
        }
      }
      case Check.Invalid(Check.Flaw flaw, String detail) -> line(false, flaw + ": " + detail);
    }
    return true;
  }

  private boolean equivocation(Bytes wire) {
    Equivocation proof;
    try {
      proof = Equivocation.decode(wire);
    } catch (MalformedException e) {
      return false;
    }
    kind = "proof of equivocation";
    line(
        proof.proven(needed()),
        proof.member() + " signed both Confirm and Refute on claim " + proof.claimId());
    return true;
  }

  private void revocation(Bytes wire) {
    Revocation revocation;
    try {
      revocation = Revocation.decode(wire);
    } catch (MalformedException e) {
      line(false, "no envelope, certificate, attestation, proof or revocation");
      return;
    }
    kind = "revocation";
    Optional<Member> owner = needed().everMember(revocation.account());
    line(owner.isPresent(), revocation.account() + " is or was a member");
    line(
        owner.isPresent() && revocation.signedBy(owner.get().key(), needed().federation().domain()),
        revocation.account() + " signed it");
  }

  private void revoked(Address account) {
    if (needed().revoked(account)) {
      notes.add(account + " has revoked its key since");
    }
  }

  private void claim(Claim claim) {
    notes.add("claim " + claim.id() + ": " + Text.printable(ClaimJson.write(claim).toString()));
  }
}
