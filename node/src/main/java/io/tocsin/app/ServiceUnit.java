package io.tocsin.app;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A systemd unit for one node: as an ordinary user who owns the keys, with nothing writable but the
 * data.
 *
 * @param home where the program is
 * @param config the configuration, whose folder holds keys and secrets
 * @param data where the node keeps its database
 * @param user who runs it; owns the keys
 * @param group absent for the user's own
 */
record ServiceUnit(Path home, Path config, Path data, String user, Optional<String> group) {
  private static final Pattern ACCOUNT = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]{0,30}");

  ServiceUnit {
    account("--user", user);
    group.ifPresent(name -> account("--group", name));
    home = home.toAbsolutePath().normalize();
    config = config.toAbsolutePath().normalize();
    data = data.toAbsolutePath().normalize();
  }

  private static void account(String option, String name) {
    if (!ACCOUNT.matcher(name).matches()) {
      throw CommandException.usage(option + ": expected the name of an account, found " + name);
    }
  }

  /** The file with the secrets; systemd reads it before it gives up its rights. */
  Path environment() {
    return config.resolveSibling("tocsin.env");
  }

  /** The unit's text. */
  String text() {
    String owner = "User=" + user + group.map(name -> "\nGroup=" + name).orElse("");
    return """
    # A Tocsin node. Copy this file to /etc/systemd/system, then:
    #   systemctl daemon-reload && systemctl enable --now tocsin
    # After an upgrade, run the program once as the user below, outside of the service: it builds
    # itself into its own folder, which the service cannot write to.

    [Unit]
    Description=Tocsin node
    Documentation=file:%1$s/README.md
    Wants=network-online.target
    After=network-online.target
    # Try for ever: a node that gave up defends nobody.
    StartLimitIntervalSec=0

    [Service]
    Type=exec
    ExecStart=%2$s run --config %3$s
    # The account that owns the key files, which are readable by their owner only.
    %4$s
    # Passwords, such as TOCSIN_PASSWORD=…, one a line. Keep it to yourself: chmod 600.
    EnvironmentFile=-%5$s
    Restart=on-failure
    RestartSec=2
    # It closes its database and says goodbye to its peers.
    TimeoutStopSec=30

    # Nothing is writable but the data.
    ProtectSystem=strict
    ProtectHome=%6$s
    ReadWritePaths=%7$s
    PrivateTmp=yes
    PrivateDevices=yes
    UMask=0077

    # No rights that it does not need. (Java compiles while it runs: no MemoryDenyWriteExecute.)
    NoNewPrivileges=yes
    CapabilityBoundingSet=
    RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
    RestrictNamespaces=yes
    RestrictSUIDSGID=yes
    RestrictRealtime=yes
    LockPersonality=yes
    ProtectClock=yes
    ProtectControlGroups=yes
    ProtectHostname=yes
    ProtectKernelLogs=yes
    ProtectKernelModules=yes
    ProtectKernelTunables=yes
    SystemCallArchitectures=native

    [Install]
    WantedBy=multi-user.target
    """
        .formatted(
            bare(home),
            quoted(home.resolve("tocsin")),
            quoted(config),
            owner,
            bare(environment()),
            atHome() ? "read-only" : "yes",
            quoted(data));
  }

  /** Whether something that the node reads is where {@code ProtectHome=yes} would hide it. */
  private boolean atHome() {
    return Stream.of(home, config, data)
        .anyMatch(
            path ->
                path.startsWith("/home")
                    || path.startsWith("/root")
                    || path.startsWith("/run/user"));
  }

  /** A path where systemd takes a whole line, in which a percent sign would be a specifier. */
  private static String bare(Path path) {
    return path.toString().replace("%", "%%");
  }

  /** A path as one word of a line. */
  private static String quoted(Path path) {
    String text = bare(path);
    return text.matches("[A-Za-z0-9/._%+@:-]+")
        ? text
        : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
