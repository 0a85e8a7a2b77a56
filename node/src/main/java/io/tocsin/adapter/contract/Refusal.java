package io.tocsin.adapter.contract;

import com.esaulpaugh.headlong.abi.ContractError;
import com.esaulpaugh.headlong.abi.Tuple;
import io.tocsin.base.Bytes;
import io.tocsin.base.Text;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Why a guardian refused a call.
 *
 * @param detail the arguments of its error, or the error of the contract that it called
 */
public record Refusal(Reason reason, String detail) {
  private static final Bytes ERROR_STRING = Bytes.hex("0x08c379a0");
  private static final Bytes PANIC = Bytes.hex("0x4e487b71");
  private static final Bytes ENFORCED_PAUSE = Bytes.hex("0xd93c0665");

  /** The errors of {@code Guardian.sol}, one constant each; also the metric's label. */
  public enum Reason {
    ALREADY_CONSUMED,
    ALREADY_PAUSED,
    ALREADY_REVOKED,
    BAD_RECOVERY_BYTE,
    BUSY,
    CALL_FAILED,
    COOLING_DOWN,
    DELAY_TOO_SHORT,
    EPOCH_NOT_ACCEPTED,
    FOREIGN_CHAIN,
    FUTURE_CLAIM,
    HIGH_S,
    INVALID_MANDATE,
    INVALID_PAUSED_CAP,
    INVALID_ROSTER,
    KIND_NOT_ALLOWED,
    LOCAL_NEEDS_NO_CERTIFICATE,
    MALFORMED_SIGNATURES,
    MANDATE_EXPIRED,
    MANDATE_IS_VETOED,
    MANDATE_NOT_ACTIVE,
    NO_ROSTER_WAITING,
    NO_USES_LEFT,
    NOT_A_CALLER,
    NOT_A_MEMBER,
    NOT_DUE,
    NOT_HELD,
    NOT_LOCAL,
    NOT_NARROWER,
    NOT_OWNER,
    NOT_PAUSED_AFTERWARDS,
    NOT_PENDING_OWNER,
    NOT_SELF_SIGNED,
    NOT_TRIPPED,
    PAUSED_TIME_EXHAUSTED,
    PROBE_FAILED,
    QUORUM_NOT_REACHED,
    ROSTER_IS_REFUSED,
    ROSTER_NOT_IN_FORCE,
    ROSTER_WAITING,
    SIGNERS_NOT_ASCENDING,
    STALE_CLAIM,
    STILL_PAUSED,
    SUBJECT_NOT_PERMITTED,
    TARGET_HELD,
    TOO_MANY_SIGNATURES,
    TRIP_RATIFIED,
    UNKNOWN_KIND,
    UNKNOWN_MANDATE,
    WRONG_EPOCH,
    WRONG_PARENT,
    ZERO_OWNER,
    ZERO_SIGNER,
    /** No error of a guardian: another contract, or no data at all. */
    OTHER;

    static Reason named(String error) {
      String name = error.replaceAll("(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_");
      return Arrays.stream(values())
          .filter(r -> r.name().equals(name.toUpperCase(Locale.ROOT)))
          .findFirst()
          .orElse(OTHER);
    }
  }

  /** The reason in the data with which a call reverted. */
  public static Refusal decode(Bytes data) {
    for (ContractError<Tuple> error : GuardianAbi.GUARDIAN.errors()) {
      if (data.startsWith(Bytes.of(error.function().selector()))) {
        try {
          Tuple arguments = error.function().decodeCall(data.toArray());
          return new Refusal(Reason.named(error.getName()), detail(error, arguments));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
          break;
        }
      }
    }
    return new Refusal(Reason.OTHER, foreign(data));
  }

  private static String detail(ContractError<Tuple> error, Tuple arguments) {
    if (error.getName().equals("CallFailed")) {
      return foreign(Bytes.of(arguments.<byte[]>get(0)));
    }
    return StreamSupport.stream(arguments.spliterator(), false)
        .map(v -> v instanceof byte[] b ? "0x" + HexFormat.of().formatHex(b) : String.valueOf(v))
        .collect(Collectors.joining(", "));
  }

  private static String foreign(Bytes data) {
    if (data.isEmpty()) {
      return "no reason given";
    }
    if (data.equals(ENFORCED_PAUSE)) {
      return "EnforcedPause()";
    }
    if (data.startsWith(PANIC) && data.size() == 36) {
      return "panic 0x" + Integer.toHexString(data.at(35));
    }
    if (data.startsWith(ERROR_STRING) && data.size() >= 68) {
      byte[] text = data.slice(68, data.size()).toArray();
      int length = Math.min(data.at(67), text.length);
      return Text.excerpt(new String(text, 0, length, StandardCharsets.UTF_8));
    }
    return data.size() > 68 ? data.slice(0, 68) + "…" : data.toString();
  }

  @Override
  public String toString() {
    return reason + (detail.isEmpty() ? "" : " (" + detail + ")");
  }
}
