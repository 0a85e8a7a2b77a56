package io.tocsin.bench;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.claim.Claim;
import io.tocsin.claim.ClaimWire;
import io.tocsin.claim.Evidence;
import io.tocsin.claim.Report;
import io.tocsin.claim.ReportCodec;
import io.tocsin.crypto.Domain;
import io.tocsin.crypto.Envelope;
import io.tocsin.crypto.Keccak;
import io.tocsin.crypto.KeyPair;
import io.tocsin.crypto.Rlp;
import io.tocsin.crypto.Signature;
import io.tocsin.crypto.Verified;
import io.tocsin.identity.Ballot;
import io.tocsin.identity.Contact;
import io.tocsin.identity.Federation;
import io.tocsin.identity.Member;
import io.tocsin.identity.Roster;
import io.tocsin.identity.Rosters;
import io.tocsin.identity.SignedRoster;
import io.tocsin.identity.Term;
import io.tocsin.quorum.Attestation;
import io.tocsin.quorum.Committee;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.asn1.sec.SECNamedCurves;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** How many things of each kind are verified a second, with BouncyCastle's bare ECDSA beside. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class VerifyBench {
  /** So many that none is remembered when its turn comes again. */
  private static final int CERTIFICATES = 1_200;

  private static final Instant BEGIN = Instant.parse("2026-06-01T00:00:00Z");
  private static final X9ECParameters CURVE = SECNamedCurves.getByName("secp256k1");
  private static final ECDomainParameters GROUP =
      new ECDomainParameters(CURVE.getCurve(), CURVE.getG(), CURVE.getN(), CURVE.getH());

  /** What is verified. */
  public enum What {
    /** A report: envelope, signature, STIX bundle, claim. */
    REPORT,
    /** An attestation: envelope, its signature, the signature over the verdict. */
    ATTESTATION,
    /** A certificate of seven of ten members. */
    CERTIFICATE,
    /** A certificate of thirteen of nineteen members; at most 1 ms. */
    CERTIFICATE_OF_13,
    /** One signature by BouncyCastle, without hashing or decoding. */
    BOUNCY_CASTLE_SIGNATURE
  }

  /** What is verified. */
  @Param public What what = What.REPORT;

  private final List<KeyPair> keys = new ArrayList<>();
  private Domain domain = Domain.JOINING;
  private Bytes report = Bytes.EMPTY;
  private Bytes attestation = Bytes.EMPTY;
  private final List<Bytes> certificates = new ArrayList<>();
  private int turn;
  private Hash32 digest = Hash32.ZERO;
  private Optional<Signature> signature = Optional.empty();
  private Optional<Committee> committee = Optional.empty();

  /** Makes a federation of ten and one message of each kind. */
  @Setup
  public void prepare() {
    Random random = new Random(1);
    int size = what == What.CERTIFICATE_OF_13 ? 19 : 10;
    for (int i = 0; i < size; i++) {
      keys.add(KeyPair.generate(random));
    }
    keys.sort(Comparator.comparing(KeyPair::address));
    Rosters rosters = found();
    domain = rosters.federation().domain();
    committee = Optional.of(new Committee(rosters));
    Claim claim = claim(0);
    KeyPair author = keys.getFirst();
    Evidence evidence = new Evidence(OptionalLong.of(1), List.of(), Optional.empty());
    Bytes bundle =
        ReportCodec.encode(new Report(claim, evidence, "It lost all."), author.address(), BEGIN);
    report = Envelope.seal(author, domain, "report", 1, bundle).encode();
    digest = domain.digest(Ballot.attestation(claim.id(), 1, Ballot.CONFIRM));
    signature = Optional.of(author.sign(digest));
    Bytes vote =
        Rlp.encode(List.of(claim.id(), 1L, (long) Ballot.CONFIRM, author.sign(digest).bytes()));
    attestation = Envelope.seal(author, domain, "attestation", 2, vote).encode();
    for (int i = 0; what.name().startsWith("CERTIFICATE") && i < CERTIFICATES; i++) {
      certificates.add(certificate(claim(i), size * 2 / 3 + 1));
    }
  }

  private static Claim claim(int number) {
    return new Claim.ExploitMined(
        ChainId.evm(1),
        Keccak.hashUtf8("tx " + number),
        new Claim.BlockStamp(Keccak.hashUtf8("block"), BEGIN),
        new Claim.Subject(Address.ZERO, Keccak.hashUtf8("code")));
  }

  private Bytes certificate(Claim claim, int signers) {
    Hash32 confirmed = domain.digest(Ballot.attestation(claim.id(), 1, Ballot.CONFIRM));
    List<?> signatures =
        keys.stream()
            .limit(signers)
            .map(key -> List.of(key.address(), key.sign(confirmed).bytes()))
            .toList();
    return Rlp.encode(List.of(ClaimWire.fields(claim), 1L, (long) Ballot.CONFIRM, signatures));
  }

  private Rosters found() {
    List<Member> members = new ArrayList<>();
    for (KeyPair key : keys) {
      String name = key.address().toString();
      members.add(
          Member.sign(
              key,
              new Member.Keys(Keccak.hashUtf8("t" + name), Keccak.hashUtf8("x" + name)),
              new Contact("localhost:1", name),
              1));
    }
    Term term = new Term(BEGIN, BEGIN.plus(Duration.ofDays(1)));
    Roster roster = new Roster(1, Hash32.ZERO, term, members);
    Federation federation = Federation.founded(roster.hash(), Hash32.ZERO);
    SignedRoster signed = new SignedRoster(roster, List.of());
    for (KeyPair key : keys) {
      signed = signed.endorse(key, federation.domain());
    }
    return switch (Rosters.found(signed, Hash32.ZERO, () -> BEGIN)) {
      case Rosters.Founding.Founded(Rosters rosters) -> rosters;
      case Rosters.Founding.Refused refused -> throw new IllegalStateException("" + refused);
    };
  }

  /** Verifies one. */
  @Benchmark
  public Object verify() throws MalformedException {
    KeyPair author = keys.getFirst();
    return switch (what) {
      case REPORT ->
          Verified.open(
                  Envelope.decode(report),
                  domain,
                  _ -> Optional.of(author.publicKey()),
                  ReportCodec::decode)
              .orElseThrow();
      case ATTESTATION -> {
        Verified<Attestation> opened =
            Verified.open(
                    Envelope.decode(attestation),
                    domain,
                    _ -> Optional.of(author.publicKey()),
                    Attestation::decode)
                .orElseThrow();
        if (!opened.value().signedBy(author.publicKey(), domain)) {
          throw new IllegalStateException("the verdict is not signed");
        }
        yield opened;
      }
      case CERTIFICATE, CERTIFICATE_OF_13 -> {
        turn = (turn + 1) % CERTIFICATES;
        yield committee.orElseThrow().verify(certificates.get(turn));
      }
      case BOUNCY_CASTLE_SIGNATURE -> bouncy(author, signature.orElseThrow());
    };
  }

  private boolean bouncy(KeyPair author, Signature signature) {
    byte[] point = new byte[65];
    point[0] = 4;
    System.arraycopy(author.publicKey().point().toArray(), 0, point, 1, 64);
    ECDSASigner signer = new ECDSASigner();
    signer.init(false, new ECPublicKeyParameters(GROUP.getCurve().decodePoint(point), GROUP));
    return signer.verifySignature(
        digest.toArray(),
        new BigInteger(1, signature.bytes().slice(0, 32).toArray()),
        new BigInteger(1, signature.bytes().slice(32, 64).toArray()));
  }
}
