package io.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.adapter.keys.Keyring;
import io.tocsin.adapter.keys.Role;
import io.tocsin.base.Bytes;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.claim.Author;
import io.tocsin.claim.Claim;
import io.tocsin.claim.ReportCodec;
import io.tocsin.claim.Samples;
import io.tocsin.crypto.Domain;
import io.tocsin.crypto.Envelope;
import io.tocsin.crypto.KeyPair;
import io.tocsin.identity.FederationFile;
import io.tocsin.quorum.Attestation;
import io.tocsin.quorum.Equivocation;
import io.tocsin.quorum.Verdict;
import io.tocsin.quorum.Votes;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class TrustCommandsIT {
  private static final List<String> NAMES = List.of("alder", "birch", "cedar", "doum");

  @TempDir private Path folder;
  private StringWriter errors = new StringWriter();
  private Path password = Path.of("");

  @BeforeEach
  void writePassword() throws IOException {
    password = folder.resolve("password");
    Files.writeString(password, "a password\n");
    Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
  }

  private int run(String... args) {
    errors = new StringWriter();
    return Main.commandLine().setErr(new PrintWriter(errors, true)).execute(args);
  }

  private void done(String... args) {
    assertThat(run(args)).as(() -> String.join(" ", args) + "\n" + errors).isZero();
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private String secret() {
    return "file:" + password;
  }

  private void member(String name) {
    done("keys", "create", "--name", name, "--keys", path(name), "--light", "--password", secret());
    done(
        "roster",
        "join",
        "--keys",
        path(name),
        "--password",
        secret(),
        "--operator",
        name,
        "--endpoint",
        name + ".example:7700",
        "--out",
        path(name + ".json"));
  }

  private void sign(String name) {
    done("roster", "sign", path("federation.json"), "--keys", path(name), "--password", secret());
  }

  private void found() {
    List<String> create = new ArrayList<>(List.of("roster", "create"));
    for (String name : NAMES) {
      member(name);
      create.addAll(List.of("--member", path(name + ".json")));
    }
    create.addAll(List.of("--out", path("federation.json")));
    done(create.toArray(new String[0]));
    NAMES.forEach(this::sign);
  }

  private FederationFile federation() throws IOException, MalformedException {
    return FederationFile.read(Files.readAllBytes(folder.resolve("federation.json")));
  }

  private KeyPair key(String name) throws IOException {
    return Keyring.in(folder.resolve(name)).open(Role.ATTEST, "a password".toCharArray());
  }

  private int verify(Bytes content) throws IOException {
    Files.write(folder.resolve("file"), content.toArray());
    return run("verify", path("file"), "--roster", path("federation.json"), "--json", path("out"));
  }

  private JsonNode result() throws IOException, MalformedException {
    return Json.parse(Files.readAllBytes(folder.resolve("out")));
  }

  @Test
  void aFederationIsFoundedRotatedAndRevoked() throws IOException, MalformedException {
    found();
    done("verify", path("federation.json"));
    member("elm");
    done("roster", "rotate", path("federation.json"), "--add", path("elm.json"));
    assertThat(run("roster", "show", path("federation.json"))).isEqualTo(ExitCode.NEGATIVE);
    Files.copy(folder.resolve("federation.json"), folder.resolve("copy.json"));
    sign("alder");
    sign("birch");
    done("roster", "sign", path("copy.json"), "--keys", path("cedar"), "--password", secret());
    done("roster", "sign", path("federation.json"), "--merge", path("copy.json"), "--no-sign");
    done("roster", "show", path("federation.json"), "--json", path("out"));
    assertThat(result().get("epoch").asInt()).isEqualTo(2);
    assertThat(result().get("members").size()).isEqualTo(5);
    done(
        "roster",
        "revoke",
        path("federation.json"),
        "--keys",
        path("doum"),
        "--password",
        secret());
    assertThat(federation().revocations()).hasSize(1);
    done("roster", "rotate", path("federation.json"));
    assertThat(federation().rosters().getLast().roster().members()).hasSize(4);
  }

  @Test
  void aRevocationIsHandedOnAsALine() throws IOException, MalformedException {
    found();
    Files.copy(folder.resolve("federation.json"), folder.resolve("mine.json"));
    String doums = "--keys=" + path("doum");
    done(
        "roster",
        "revoke",
        path("mine.json"),
        doums,
        "--password",
        secret(),
        "--json",
        path("out"));
    String line = result().get("revocation").stringValue();
    done("roster", "revoke", path("federation.json"), "--take", line);
    assertThat(federation().revocations()).hasSize(1);
    assertThat(run("roster", "revoke", path("federation.json"), "--take", line.substring(0, 40)))
        .isEqualTo(ExitCode.USAGE);
    assertThat(errors.toString()).contains("--take");
  }

  @Test
  void nobodySignsTwoRostersOfOneEpoch() throws IOException {
    found();
    Files.copy(folder.resolve("federation.json"), folder.resolve("other.json"));
    done("roster", "rotate", path("federation.json"), "--delay", "PT1H");
    done("roster", "rotate", path("other.json"), "--delay", "PT2H");
    sign("alder");
    assertThat(
            run(
                "roster",
                "sign",
                path("other.json"),
                "--keys",
                path("alder"),
                "--password",
                secret()))
        .isEqualTo(ExitCode.USAGE);
    assertThat(errors.toString()).contains("already signed another roster");
  }

  @Test
  void keysAreNeverOverwrittenAndOutsidersDoNotSign() {
    found();
    assertThat(
            run(
                "keys",
                "create",
                "--name",
                "x",
                "--keys",
                path("alder"),
                "--light",
                "--password",
                secret()))
        .isEqualTo(ExitCode.USAGE);
    assertThat(errors.toString()).contains("never overwritten");
    member("elm");
    done("roster", "rotate", path("federation.json"), "--add", path("elm.json"));
    assertThat(
            run(
                "roster",
                "sign",
                path("federation.json"),
                "--keys",
                path("elm"),
                "--password",
                secret()))
        .isEqualTo(ExitCode.USAGE);
    assertThat(errors.toString()).contains("has no vote");
    done("keys", "list", "--keys", path("alder"));
    done("keys", "export", "--keys", path("alder"), "--json", path("out"));
    assertThat(run("keys", "list", "--keys", path("nowhere"))).isEqualTo(ExitCode.ENVIRONMENT);
  }

  private void verifiesSignedReports(KeyPair author, Domain domain, Claim claim)
      throws IOException, MalformedException {
    Bytes bundle =
        ReportCodec.encode(Samples.report(claim), new Author(author, domain), Samples.BLOCK_TIME);
    assertThat(verify(bundle)).isEqualTo(ExitCode.DONE);
    assertThat(result().get("kind").stringValue()).isEqualTo("report");
    String told = bundle.toUtf8();
    String retold = told.replace("lost a quarter", "lost nothing");
    assertThat(retold).isNotEqualTo(told);
    assertThat(verify(Bytes.utf8(retold))).isEqualTo(ExitCode.NEGATIVE);
    JsonNode report =
        Json.parse(bundle.toArray()).get("objects").values().stream().toList().getLast();
    assertThat(verify(Bytes.utf8(Json.pretty(report)))).isEqualTo(ExitCode.DONE);
    assertThat(result().get("kind").stringValue()).isEqualTo("report object");
    assertThat(verify(Envelope.seal(author, domain, "report", 1, bundle).encode()))
        .isEqualTo(ExitCode.DONE);
  }

  @Test
  void verifiesWhatNodesWrite() throws IOException, MalformedException {
    found();
    Domain domain = federation().federation().domain();
    Claim claim = Samples.mined(1);
    List<KeyPair> keys = new ArrayList<>();
    for (String name : NAMES) {
      keys.add(key(name));
    }
    keys.sort(Comparator.comparing(KeyPair::address));
    Bytes certificate = Votes.certificate(claim, domain, 1, 1, keys);
    assertThat(verify(certificate)).isEqualTo(ExitCode.DONE);
    assertThat(result().get("kind").stringValue()).isEqualTo("certificate");
    assertThat(verify(Bytes.utf8(certificate.toHex() + "\n"))).isEqualTo(ExitCode.DONE);
    assertThat(verify(Votes.certificate(claim, domain, 1, 1, keys.subList(0, 2))))
        .isEqualTo(ExitCode.NEGATIVE);

    KeyPair author = keys.getFirst();
    Bytes bundle = ReportCodec.encode(Samples.report(claim), author.address(), Samples.BLOCK_TIME);
    assertThat(verify(Envelope.seal(author, domain, "report", 1, bundle).encode()))
        .isEqualTo(ExitCode.DONE);
    assertThat(result().get("kind").stringValue()).isEqualTo("signed report");
    assertThat(verify(Envelope.seal(author, Domain.JOINING, "report", 1, bundle).encode()))
        .isEqualTo(ExitCode.NEGATIVE);
    assertThat(verify(bundle)).isEqualTo(ExitCode.NEGATIVE);
    verifiesSignedReports(author, domain, claim);

    Attestation yes = Votes.vote(author, domain, claim.id(), 1, Verdict.CONFIRM);
    Attestation no = Votes.vote(author, domain, claim.id(), 1, Verdict.REFUTE);
    assertThat(verify(yes.encode())).isEqualTo(ExitCode.DONE);
    assertThat(verify(Envelope.seal(author, domain, "attestation", 2, no.encode()).encode()))
        .isEqualTo(ExitCode.DONE);
    Equivocation proof = new Equivocation(author.address(), yes, no);
    assertThat(verify(proof.encode())).isEqualTo(ExitCode.DONE);
    assertThat(verify(new Equivocation(keys.get(1).address(), yes, no).encode()))
        .isEqualTo(ExitCode.NEGATIVE);
    assertThat(verify(Bytes.utf8("nothing of ours"))).isEqualTo(ExitCode.NEGATIVE);
  }
}
