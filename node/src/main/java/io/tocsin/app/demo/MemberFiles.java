package io.tocsin.app.demo;

import io.tocsin.adapter.keys.Role;
import io.tocsin.base.AccountId;
import io.tocsin.base.Hash32;
import io.tocsin.exposure.AssetId;
import io.tocsin.policy.BudgetClass;
import io.tocsin.policy.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Writes what the owner of a node writes: its configuration and its mandates. */
final class MemberFiles {
  private static final List<String> OPERATORS = List.of("North", "South");

  /** Dollars for one ether: what fees are weighed against the value at risk with. */
  private static final int ETHER = 3_000;

  private final List<DemoChain> chains;
  private final Path federation;
  private final boolean pending;

  /** For nodes that watch {@code chains} and share the federation file {@code federation}. */
  MemberFiles(List<DemoChain> chains, Path federation) {
    this(chains, federation, true);
  }

  private MemberFiles(List<DemoChain> chains, Path federation, boolean pending) {
    this.chains = List.copyOf(chains);
    this.federation = federation;
    this.pending = pending;
  }

  /** For nodes that look at a pending transaction when others report it, and else at blocks. */
  static MemberFiles ofBlocks(List<DemoChain> chains, Path federation) {
    return new MemberFiles(chains, federation, false);
  }

  /** A lender and what guards it. */
  record Charge(Ward ward, DemoTown.Guard guard) {}

  /** Writes the files of {@code resident} and answers where the configuration is. */
  Path write(Resident resident, Optional<Charge> charge) throws IOException {
    StringBuilder text = new StringBuilder(1_000);
    text.append("name: ").append(resident.cast().name()).append('\n');
    text.append("data: data\nmode: act\nstatusPort: 0\n");
    text.append("federation:\n  roster: ").append(federation).append('\n');
    text.append("  keys: keys\n  password: ").append(resident.password()).append('\n');
    text.append("  listen: 127.0.0.1:").append(resident.port()).append("\nchains:\n");
    for (DemoChain chain : chains) {
      text.append("  - id: ").append(chain.id()).append('\n');
      text.append("    slot: 1s\n    patience: 1s\n    pending: ").append(pending);
      text.append("\n    depth: 3\n    endpoints:\n");
      for (int i = 0; i < OPERATORS.size(); i++) {
        text.append("      - url: ipc:").append(chain.fronts().get(i).socket()).append('\n');
        text.append("        operator: ").append(OPERATORS.get(i)).append('\n');
      }
    }
    if (charge.isPresent()) {
      Path mandates = resident.home().resolve("mandates.yaml");
      Files.writeString(mandates, mandates(resident, charge.get()));
      text.append("mandates: mandates.yaml\nresponder:\n  key: ");
      text.append(resident.keys().file(Role.RESPONDER)).append('\n');
      text.append("  password: ").append(resident.password()).append("\n  relays:\n");
      for (DemoChain chain : chains) {
        text.append("    - chain: ").append(chain.id());
        text.append("\n      url: ").append(chain.relay().url()).append('\n');
      }
    }
    Path file = resident.home().resolve("tocsin.yaml");
    Files.writeString(file, text);
    return file;
  }

  private String mandates(Resident resident, Charge charge) {
    Lender lender = charge.ward().lender();
    StringBuilder text = new StringBuilder(2_000);
    text.append("protocol: ").append(lender.name()).append('\n');
    text.append("contract: ").append(lender.account()).append('\n');
    text.append("blockTime: 1s\nsourceChains: [");
    text.append(String.join(", ", chains.stream().map(c -> c.id().toString()).toList()));
    text.append("]\nguardian:\n  account: ");
    text.append(new AccountId(lender.chain().id(), charge.guard().contract()));
    text.append("\n  callers: [\"").append(resident.responder()).append("\"]\n");
    text.append("  pausedCap: ").append(Guardians.CAP.toHours()).append("h\n");
    dependencies(text);
    DemoChain home = lender.chain();
    text.append("value:\n  - asset: ").append(asset(home)).append('\n');
    text.append("    symbol: USD\n    decimals: 18\n    usd: 1\n");
    text.append("  - asset: ").append(AssetId.nativeOf(home.id()));
    text.append("\n    symbol: ETH\n    decimals: 18\n    usd: ").append(ETHER).append('\n');
    if (charge.guard().classes().contains(BudgetClass.DERIVED)) {
      derived(text, charge);
    }
    text.append("levers:\n  - name: pause\n    target: \"").append(lender.address());
    text.append(
        "\"\n    call: pause()\n    release: unpause()\n    probe:\n      call: paused()\n");
    text.append("    blocks: [").append(String.join(", ", lender.blocked()));
    text.append("]\nmandates:\n");
    List<Hash32> ids = new ArrayList<>(charge.guard().mandates());
    charge.ward().limits().forEach((type, limits) -> mandate(text, lender, type, limits, ids));
    return text.toString();
  }

  private static String asset(DemoChain chain) {
    return chain.id() + "/erc20:" + chain.venues().dollar();
  }

  private void dependencies(StringBuilder text) {
    text.append("dependsOn:\n  priceSources:\n");
    for (DemoChain chain : chains) {
      text.append("    - ").append(chain.id()).append(':').append(chain.venues().pair().pair());
      text.append('\n');
    }
    text.append("  tokens:\n");
    for (DemoChain chain : chains) {
      text.append("    - symbol: DTK\n      token: ").append(chain.id()).append(':');
      text.append(chain.venues().token()).append('\n');
    }
  }

  private void derived(StringBuilder text, Charge charge) {
    text.append("derived:\n  minimumAge: 0s    # everything here was deployed a minute ago\n");
    text.append("  siblings:\n");
    for (Lender sister : charge.ward().siblings()) {
      text.append("    - name: ").append(sister.name()).append("\n      account: ");
      text.append(sister.account()).append('\n');
    }
    text.append("  floors:\n");
    for (DemoChain chain : chains) {
      text.append("    - asset: ").append(asset(chain));
      text.append("\n      decimals: 18\n      amount: ")
          .append(charge.ward().floor())
          .append('\n');
    }
  }

  /** Writes the mandate whose id is the first of {@code ids}, and takes it away. */
  private static void mandate(
      StringBuilder text, Lender lender, BudgetClass type, Limits limits, List<Hash32> ids) {
    String word = type.name().toLowerCase(Locale.ROOT);
    text.append("  - name: ").append(lender.name()).append('-').append(word);
    text.append("\n    id: \"").append(ids.removeFirst());
    text.append("\"\n    class: ").append(word).append("\n    lever: pause\n    mode: act\n");
    if (type != BudgetClass.LOCAL) {
      text.append("    maxAge: ").append(limits.maxAge().toMinutes()).append("m\n");
    }
    text.append("    uses: ")
        .append(limits.uses())
        .append("\n    cooldown: ")
        .append(limits.cooldown().toSeconds());
    text.append("s\n    duration: ").append(limits.duration().toSeconds());
    text.append("s\n    expiry: ").append(limits.expiry()).append('\n');
  }
}
