package io.tocsin.app;

import io.tocsin.adapter.sqlite.Database;
import io.tocsin.adapter.sqlite.SqliteEnvelopeStore;
import io.tocsin.audit.HeadNotice;
import io.tocsin.audit.Verification.Anchor;
import io.tocsin.audit.Verification.Head;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.crypto.Envelope;
import io.tocsin.crypto.KeyDirectory;
import io.tocsin.crypto.Verified;
import io.tocsin.gossip.EnvelopeStore;
import io.tocsin.identity.Rosters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Members' signed words on audit logs: read from databases and files, written to files. */
final class SignedHeads {
  private static final String FORMAT = "tocsin-heads/1";

  private final Set<Bytes> wires = new LinkedHashSet<>();
  private int unsigned;

  /** Adds what {@code database} keeps. */
  void add(Database database) {
    new SqliteEnvelopeStore(database)
        .kept(HeadNotice.TOPIC.name()).stream().map(EnvelopeStore.Entry::wire).forEach(wires::add);
  }

  /**
   * Adds what a member's data directory keeps, or a file written by {@link #write}.
   *
   * @throws CommandException if it is neither
   */
  void add(Path place) {
    try {
      if (Files.isDirectory(place)) {
        try (Database database = Database.openReadOnly(place.resolve("tocsin.db"))) {
          add(database);
        }
      } else {
        JsonNode file = Json.parse(Files.readAllBytes(place));
        if (!file.path("format").asString("").equals(FORMAT)) {
          throw new MalformedException("expected a file of format " + FORMAT);
        }
        for (JsonNode message : file.path("messages")) {
          wires.add(Bytes.parse(message.asString("")));
        }
      }
    } catch (IOException | MalformedException | IllegalStateException e) {
      throw CommandException.usage(
          "--witness: expected the data directory of a member, or a file written by --heads: "
              + place
              + ": "
              + e.getMessage());
    }
  }

  /**
   * Writes them all to {@code file}.
   *
   * @throws CommandException if it cannot be written
   */
  void write(Path file) {
    ObjectNode document = Json.object().put("format", FORMAT);
    ArrayNode messages = document.putArray("messages");
    wires.forEach(wire -> messages.add(wire.toHex()));
    try {
      Files.write(file, Json.write(document));
    } catch (IOException e) {
      throw CommandException.environment("cannot write " + file + ": " + e.getMessage());
    }
  }

  /** What members signed of the log of {@code owner}. */
  List<Anchor> anchors(Address owner, Rosters rosters) {
    List<Anchor> anchors = new ArrayList<>();
    unsigned = 0;
    for (Bytes wire : wires) {
      Optional<Verified<HeadNotice>> notice = open(wire, rosters);
      if (notice.isEmpty()) {
        unsigned++;
      } else {
        Head head = notice.get().value().heads().get(owner);
        if (head != null) {
          anchors.add(anchor(notice.get().author(), owner, head));
        }
      }
    }
    return anchors;
  }

  private static Anchor anchor(Address author, Address owner, Head head) {
    return new Anchor(head, author.equals(owner) ? "the node itself" : "member " + author);
  }

  private static Optional<Verified<HeadNotice>> open(Bytes wire, Rosters rosters) {
    KeyDirectory keys = rosters;
    try {
      return Verified.open(
          Envelope.decode(wire),
          rosters.federation().domain(),
          keys::everKeyOf,
          HeadNotice.TOPIC.decoder());
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  /** How many of them no member of the rosters last asked with has signed. */
  int unsigned() {
    return unsigned;
  }
}
