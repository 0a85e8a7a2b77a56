package io.tocsin.app;

import io.tocsin.policy.Protection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a node says of itself when it has started. */
final class NodeManifest {
  private NodeManifest() {}

  /** What it watches, whom it trusts and what it may do, a sentence a line. */
  static List<String> lines(
      NodeConfig config,
      Optional<NodeTown> town,
      List<Protection> protections,
      GuardianWarnings warnings,
      int statusPort) {
    List<String> lines = new ArrayList<>();
    for (NodeConfig.Chain chain : config.chains()) {
      lines.add(
          "watches "
              + chain.id()
              + " through "
              + String.join(
                  ", ", chain.endpoints().stream().map(NodeConfig.Endpoint::toString).toList()));
    }
    config.defence().watched().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(entry -> "looks closely at " + entry.getValue() + ", " + entry.getKey())
        .forEach(lines::add);
    lines.add(
        town.map(NodeTown::describe).orElse("is no member of a federation: trusts its own eyes"));
    if (protections.isEmpty()) {
      lines.add("may do nothing: there are no mandates");
    }
    for (Protection protection : protections) {
      lines.addAll(NodeDefence.describe(protection));
    }
    warnings.lines().forEach(line -> lines.add("WARNING: " + line));
    lines.add(
        config.basics().webhooks().isEmpty()
            ? "calls nobody: there is no webhook under notify"
            : "calls " + String.join(", ", config.basics().webhooks()) + " in need");
    lines.add("serves /healthz, /readyz and /metrics on http://127.0.0.1:" + statusPort);
    return lines;
  }
}
