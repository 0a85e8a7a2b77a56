package io.tocsin.claim;

import io.tocsin.base.Address;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.crypto.Keccak;
import io.tocsin.crypto.StructHash;
import io.tocsin.identity.Ballot;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * A statement that every honest observer derives from the chain in the same bytes. Each record is
 * an EIP-712 struct.
 */
public sealed interface Claim {
  /** Which kind it is. */
  ClaimKind kind();

  /** The EIP-712 struct hash, without a domain: the name of the claim in every federation. */
  Hash32 id();

  /** The chain it speaks of; empty for a change of the roster. */
  Optional<ChainId> where();

  /** The victim; empty where the claim names none. */
  default Optional<Subject> about() {
    return Optional.empty();
  }

  /** The transaction; empty where the claim names none. */
  default Optional<Hash32> transaction() {
    return switch (this) {
      case ExploitMined mined -> Optional.of(mined.tx());
      case ExploitPending pending -> Optional.of(pending.tx());
      case AllClear _, RosterChanged _ -> Optional.empty();
    };
  }

  /** The claim in one line for people: kind, chain, transaction, victim, id. */
  default String summary() {
    StringBuilder line = new StringBuilder(kind().text());
    where().ifPresent(chain -> line.append(" on ").append(chain));
    about().ifPresent(subject -> line.append(" of ").append(subject.address()));
    transaction().ifPresent(tx -> line.append(" by transaction ").append(tx));
    return line.append(" (claim ").append(id()).append(')').toString();
  }

  /**
   * A block as observers name it.
   *
   * @param time the block's timestamp, whole seconds
   */
  record BlockStamp(Hash32 hash, Instant time) {
    public BlockStamp {
      requireSeconds(time);
    }
  }

  /**
   * A victim contract.
   *
   * @param code the normalised hash of its code, behind proxies, at the parent block
   */
  record Subject(Address address, Hash32 code) {}

  /** The place of a pending transaction: its sender and the sender's nonce. */
  record Turn(Address sender, long nonce) {
    public Turn {
      if (nonce < 0) {
        throw new IllegalArgumentException("a nonce is not negative: " + nonce);
      }
    }
  }

  /** A transaction in a block harmed a contract. */
  record ExploitMined(ChainId chain, Hash32 tx, BlockStamp block, Subject subject)
      implements Claim {
    private static final Hash32 TYPE =
        Keccak.hashUtf8(
            "ExploitMined(string chain,bytes32 tx,bytes32 block,uint64 blockTime,address"
                + " subject,bytes32 subjectCode)");

    @Override
    public ClaimKind kind() {
      return ClaimKind.EXPLOIT_MINED;
    }

    @Override
    public Hash32 id() {
      return StructHash.ofTypeHash(TYPE)
          .string(chain.toString())
          .bytes32(tx)
          .bytes32(block.hash())
          .uint(block.time().getEpochSecond())
          .address(subject.address())
          .bytes32(subject.code())
          .hash();
    }

    @Override
    public Optional<ChainId> where() {
      return Optional.of(chain);
    }

    @Override
    public Optional<Subject> about() {
      return Optional.of(subject);
    }
  }

  /** A transaction that waits to be mined would harm a contract if it ran on {@code head}. */
  record ExploitPending(ChainId chain, Hash32 tx, Turn turn, BlockStamp head, Subject subject)
      implements Claim {
    private static final Hash32 TYPE =
        Keccak.hashUtf8(
            "ExploitPending(string chain,bytes32 tx,address sender,uint64 nonce,bytes32"
                + " head,uint64 headTime,address subject,bytes32 subjectCode)");

    @Override
    public ClaimKind kind() {
      return ClaimKind.EXPLOIT_PENDING;
    }

    @Override
    public Hash32 id() {
      return StructHash.ofTypeHash(TYPE)
          .string(chain.toString())
          .bytes32(tx)
          .address(turn.sender())
          .uint(turn.nonce())
          .bytes32(head.hash())
          .uint(head.time().getEpochSecond())
          .address(subject.address())
          .bytes32(subject.code())
          .hash();
    }

    @Override
    public Optional<ChainId> where() {
      return Optional.of(chain);
    }

    @Override
    public Optional<Subject> about() {
      return Optional.of(subject);
    }
  }

  /**
   * The canonical block {@code block} stands where the block of the claim {@code claimId} stood,
   * and voids it. It never unpauses, refills a budget or suppresses another claim.
   */
  record AllClear(Hash32 claimId, ChainId chain, Hash32 block) implements Claim {
    private static final Hash32 TYPE =
        Keccak.hashUtf8("AllClear(bytes32 claimId,string chain,bytes32 block)");

    @Override
    public ClaimKind kind() {
      return ClaimKind.ALL_CLEAR;
    }

    @Override
    public Hash32 id() {
      return StructHash.ofTypeHash(TYPE)
          .bytes32(claimId)
          .string(chain.toString())
          .bytes32(block)
          .hash();
    }

    @Override
    public Optional<ChainId> where() {
      return Optional.of(chain);
    }
  }

  /** The roster of {@code epoch} is the one with this hash. */
  record RosterChanged(long epoch, Hash32 rosterHash) implements Claim {
    public RosterChanged {
      if (epoch < 1) {
        throw new IllegalArgumentException("an epoch starts at 1, not " + epoch);
      }
    }

    @Override
    public ClaimKind kind() {
      return ClaimKind.ROSTER_CHANGED;
    }

    @Override
    public Hash32 id() {
      return Ballot.rosterChanged(epoch, rosterHash);
    }

    @Override
    public Optional<ChainId> where() {
      return Optional.empty();
    }
  }

  private static void requireSeconds(Instant time) {
    if (!time.equals(time.truncatedTo(ChronoUnit.SECONDS)) || time.isBefore(Instant.EPOCH)) {
      throw new IllegalArgumentException("expected whole seconds since 1970, found " + time);
    }
  }
}
