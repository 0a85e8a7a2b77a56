package io.tocsin.app;

import io.tocsin.adapter.keys.PublicParts;
import io.tocsin.base.Json;
import io.tocsin.identity.Contact;
import io.tocsin.identity.Member;
import io.tocsin.identity.RosterJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** Writes a member's signed record of itself. */
@Command(
    name = "join",
    mixinStandardHelpOptions = true,
    description = "Write your member record, signed, for whoever draws up the roster.",
    footer = {
      "",
      "Example:",
      "  tocsin roster join --operator Alder --endpoint alder.example:7700 --out alder.json",
    })
final class RosterJoinCommand implements Callable<Integer> {
  @Option(
      names = "--endpoint",
      required = true,
      paramLabel = "HOST:PORT",
      description = "Where other members reach your node.")
  private String endpoint = "";

  @Option(
      names = "--operator",
      required = true,
      paramLabel = "NAME",
      description = "The organisation behind the node: its members count together.")
  private String operator = "";

  @Option(
      names = "--weight",
      paramLabel = "N",
      defaultValue = "1",
      description = "Voting weight, as agreed with the others (default: 1).")
  private long weight = 1;

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "File to write.")
  private Path out = Path.of("");

  @Mixin private KeyOptions keys = new KeyOptions();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    PublicParts parts;
    try {
      parts = keys.keyring().publicParts();
    } catch (IOException e) {
      throw CommandException.environment(FileText.reason(e) + "; tocsin keys create makes keys");
    }
    RosterCommand.own(parts);
    if (parts.tls().isEmpty() || parts.x25519().isEmpty()) {
      throw CommandException.usage(
          "a member needs a tls and an x25519 key; tocsin keys create --role tls,x25519");
    }
    Member.Keys further = new Member.Keys(parts.tls().get(), parts.x25519().get());
    Member member;
    try {
      Contact contact = new Contact(endpoint, operator);
      member = keys.attest(attest -> Member.sign(attest, further, contact, weight));
    } catch (IllegalArgumentException e) {
      throw CommandException.usage("--" + e.getMessage());
    }
    ObjectNode document = RosterJson.memberDocument(member);
    FileText.create(out, Json.pretty(document) + "\n");
    output.text().println("Wrote " + out + ": member " + member.account());
    output.json(document);
    return ExitCode.DONE;
  }
}
