package io.tocsin.adapter.files;

import io.tocsin.base.AccountId;
import io.tocsin.base.CanonicalJson;
import io.tocsin.base.EventLog;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.JsonFields;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Metrics;
import io.tocsin.respond.Order;
import io.tocsin.respond.OrderBook;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Orders as JSON files in a folder of the node's data, so that whoever may write there, and nobody
 * else, commands the node. A file that holds no order is set aside under another name, which is an
 * alarm.
 */
public final class OrderFolder implements OrderBook {
  private static final String ENDING = ".json";
  private static final int MAX_BYTES = 4_096;
  private static final int MAX_REASON = 500;
  private static final int MAX_ACCOUNT = 200;

  private final Path folder;
  private final Log log;

  /** The orders in {@code folder}, which need not exist. */
  public OrderFolder(Path folder, Metrics metrics) {
    this.folder = folder;
    this.log = new Log(metrics);
  }

  private static final class Log extends EventLog {
    Log(Metrics metrics) {
      super("orders", metrics);
    }

    void malformed(Path file, String why) {
      alarm("order_malformed", file + " is no order and was set aside: " + why);
    }

    void unreadable(Path folder, IOException e) {
      alarm("orders_unreadable", folder + " cannot be read: " + e.getMessage());
    }
  }

  /**
   * Lays an order down for the node that owns the folder.
   *
   * @param at when it was given; the node carries out the earlier first
   * @return its file
   * @throws IOException if it cannot be written
   */
  public static Path give(Path folder, Order order, Instant at) throws IOException {
    Files.createDirectories(folder);
    Path draft =
        Files.createTempFile(
            folder,
            String.format(Locale.ROOT, "%019d-", at.toEpochMilli()),
            ".draft",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(draft, CanonicalJson.write(write(order)).toArray());
    String name = draft.getFileName().toString().replace(".draft", ENDING);
    return Files.move(draft, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  private static ObjectNode write(Order order) {
    ObjectNode out = Json.object();
    switch (order) {
      case Order.Approve(Hash32 permit) ->
          out.put("order", "approve").put("permit", permit.toString());
      case Order.LetGo(AccountId guardian, Hash32 mandate) ->
          out.put("order", "let-go")
              .put("guardian", guardian.toString())
              .put("mandate", mandate.toString());
      case Order.Hold(AccountId guardian, Hash32 mandate, String reason) ->
          out.put("order", "hold")
              .put("guardian", guardian.toString())
              .put("mandate", mandate.toString())
              .put("reason", reason);
    }
    return out;
  }

  private static Order read(Path file) throws MalformedException, IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw new MalformedException("it is longer than " + MAX_BYTES + " bytes");
    }
    return parse(Json.parseForeign(Files.readAllBytes(file)));
  }

  /** The order in this document. */
  static Order parse(JsonNode document) throws MalformedException {
    JsonFields in =
        JsonFields.of(
            document, "order", List.of("order", "permit", "guardian", "mandate", "reason"));
    String kind = in.text("order", 16);
    if (kind.equals("approve")) {
      return new Order.Approve(in.hash("permit"));
    }
    AccountId guardian = AccountId.parse(in.text("guardian", MAX_ACCOUNT));
    return switch (kind) {
      case "let-go" -> new Order.LetGo(guardian, in.hash("mandate"));
      case "hold" -> new Order.Hold(guardian, in.hash("mandate"), in.text("reason", MAX_REASON));
      default -> throw in.fault("order", "expected approve, let-go or hold");
    };
  }

  @Override
  public List<Given> given() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<Given> all = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file :
          files.filter(f -> f.getFileName().toString().endsWith(ENDING)).sorted().toList()) {
        try {
          all.add(new Given(file.getFileName().toString(), read(file)));
        } catch (MalformedException e) {
          log.malformed(file, String.valueOf(e.getMessage()));
          Files.move(file, file.resolveSibling(file.getFileName() + ".refused"));
        }
      }
    } catch (IOException e) {
      log.unreadable(folder, e);
    }
    return all;
  }

  @Override
  public void done(Given given) {
    try {
      Files.deleteIfExists(folder.resolve(given.id()));
    } catch (IOException e) {
      throw new UncheckedIOException("an order that was carried out cannot be removed", e);
    }
  }
}
