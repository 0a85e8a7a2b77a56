package io.tocsin.chain;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Compares traces of different node programs: a digest over what they must agree on, which is kind,
 * caller, callee, value, input, output, failure and events of every frame, in order. Gas, error
 * texts and childless calls of precompiled contracts (addresses up to 0x01ff) are left out: node
 * programs differ there.
 */
public final class TraceDigest {
  private static final Bytes HIGH = Bytes.of(new byte[18]);

  private TraceDigest() {}

  /** The digest; equal for equal behaviour. */
  public static Hash32 of(TxTrace trace) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 12);
    out.writeBytes(trace.tx().toArray());
    for (CallFrame frame : trace.frames()) {
      if (precompiled(frame)) {
        continue;
      }
      variable(out, Bytes.utf8(frame.kind().name()));
      out.write(frame.failed() ? 1 : 0);
      number(out, frame.depth());
      out.writeBytes(frame.from().toArray());
      out.writeBytes(frame.to().toArray());
      variable(out, Bytes.of(frame.value().amount().toByteArray()));
      variable(out, frame.input());
      variable(out, frame.output());
      if (!frame.failed()) {
        number(out, frame.logs().size());
        frame.logs().forEach(log -> log(out, log));
      }
    }
    return sha256(out.toByteArray());
  }

  /** It never leaves the node, and processors have instructions for it, which Keccak lacks. */
  private static Hash32 sha256(byte[] content) {
    try {
      return Hash32.of(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static boolean precompiled(CallFrame frame) {
    Address to = frame.to();
    return frame.parent() >= 0
        && frame.children().isEmpty()
        && !frame.kind().creates()
        && frame.value().amount().signum() == 0
        && to.bytes().startsWith(HIGH)
        && to.bytes().at(18) < 2;
  }

  private static void number(ByteArrayOutputStream out, int value) {
    out.writeBytes(ByteBuffer.allocate(4).putInt(value).array());
  }

  private static void variable(ByteArrayOutputStream out, Bytes content) {
    number(out, content.size());
    out.writeBytes(content.toArray());
  }

  private static void log(ByteArrayOutputStream out, TraceLog log) {
    out.writeBytes(log.emitter().toArray());
    out.write(log.topics().size());
    log.topics().forEach(topic -> out.writeBytes(topic.toArray()));
    variable(out, log.data());
  }

  /** The events that were not undone, in the order they were emitted. */
  public static List<TraceLog> effectiveLogs(TxTrace trace) {
    List<TraceLog> out = new ArrayList<>();
    Deque<Visit> open = new ArrayDeque<>();
    open.push(new Visit(trace.root()));
    while (!open.isEmpty()) {
      Visit visit = open.peek();
      List<TraceLog> logs = visit.frame.failed() ? List.of() : visit.frame.logs();
      while (visit.log < logs.size() && logs.get(visit.log).position() <= visit.child) {
        out.add(logs.get(visit.log++));
      }
      if (visit.child < visit.frame.children().size()) {
        open.push(new Visit(trace.frame(visit.frame.children().get(visit.child++))));
      } else {
        out.addAll(logs.subList(visit.log, logs.size()));
        open.pop();
      }
    }
    return out;
  }

  /** A frame being walked: how many of its children and logs are done. */
  private static final class Visit {
    private final CallFrame frame;
    private int child;
    private int log;

    Visit(CallFrame frame) {
      this.frame = frame;
    }
  }
}
