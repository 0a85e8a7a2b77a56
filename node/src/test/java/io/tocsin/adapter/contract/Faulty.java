package io.tocsin.adapter.contract;

import io.tocsin.chain.NodeCalls;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** An endpoint in front of another that can refuse methods, hang up, or lie. */
final class Faulty implements NodeCalls {
  enum Mood {
    SOUND,
    /** The connection is down. */
    DOWN,
    /** Takes transactions and loses the answer. */
    TAKES_SILENTLY,
    /** Refuses transactions. */
    REFUSES,
    /** Says of every call that it reverts. */
    SAYS_REVERTED
  }

  final List<String> sent = new CopyOnWriteArrayList<>();
  private final NodeCalls behind;
  private final String name;
  private volatile Mood mood = Mood.SOUND;

  Faulty(String name, NodeCalls behind) {
    this.name = name;
    this.behind = behind;
  }

  void become(Mood next) {
    mood = next;
  }

  @Override
  public Reply call(String method, Object... parameters) {
    boolean sending = method.equals("eth_sendRawTransaction");
    if (sending) {
      sent.add(String.valueOf(parameters[0]));
    }
    return switch (mood) {
      case SOUND -> behind.call(method, parameters);
      case DOWN -> new Reply.Unreachable("connection refused");
      case TAKES_SILENTLY -> {
        Reply reply = behind.call(method, parameters);
        yield sending ? new Reply.Unreachable("timed out") : reply;
      }
      case REFUSES ->
          sending
              ? new Reply.Failure(-32000, "no", Optional.empty())
              : behind.call(method, parameters);
      case SAYS_REVERTED ->
          method.equals("eth_call")
              ? new Reply.Failure(3, "execution reverted", Optional.empty())
              : behind.call(method, parameters);
    };
  }

  @Override
  public String name() {
    return name;
  }
}
