package io.tocsin.app.demo;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports of the loopback interface for listeners that start later. They lie below those that systems
 * give to connections by themselves, and none is named twice by one process, so that nothing takes
 * them meanwhile.
 */
public final class FreePort {
  private static final int FIRST = 10_000;
  private static final int COUNT = 32_768 - FIRST;

  /** Processes begin at places of their own. */
  private static final AtomicInteger NEXT =
      new AtomicInteger((int) (ProcessHandle.current().pid() * 7_919 % COUNT));

  private FreePort() {}

  /** The next on which nobody listens. */
  public static int next() throws IOException {
    for (int i = 0; i < COUNT; i++) {
      int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
      try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return port;
      } catch (BindException e) {
        // Somebody else's.
      }
    }
    throw new IOException("no port of the loopback interface is free");
  }
}
