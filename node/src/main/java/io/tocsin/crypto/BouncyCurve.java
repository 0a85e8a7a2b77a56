package io.tocsin.crypto;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.asn1.sec.SECNamedCurves;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.ECAlgorithms;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.util.BigIntegers;

/** secp256k1 in pure Java, for platforms without the native library and as its cross-check. */
final class BouncyCurve implements Secp256k1.Curve {
  private static final X9ECParameters PARAMETERS = SECNamedCurves.getByName("secp256k1");
  private static final ECDomainParameters DOMAIN =
      new ECDomainParameters(
          PARAMETERS.getCurve(), PARAMETERS.getG(), PARAMETERS.getN(), PARAMETERS.getH());

  private static ECPoint decode(byte[] point) {
    byte[] key = new byte[65];
    key[0] = 4;
    System.arraycopy(point, 0, key, 1, 64);
    return DOMAIN.getCurve().decodePoint(key);
  }

  private static byte[] encode(ECPoint point) {
    return Arrays.copyOfRange(point.getEncoded(false), 1, 65);
  }

  private static BigInteger part(byte[] compact, int from) {
    return new BigInteger(1, Arrays.copyOfRange(compact, from, from + 32));
  }

  @Override
  public byte[] publicKey(byte[] privateKey) {
    BigInteger secret = new BigInteger(1, privateKey);
    return encode(new FixedPointCombMultiplier().multiply(DOMAIN.getG(), secret).normalize());
  }

  @Override
  public byte[] sign(byte[] digest, byte[] privateKey) {
    ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
    signer.init(true, new ECPrivateKeyParameters(new BigInteger(1, privateKey), DOMAIN));
    BigInteger[] rs = signer.generateSignature(digest);
    BigInteger half = DOMAIN.getN().shiftRight(1);
    BigInteger low = rs[1].compareTo(half) > 0 ? DOMAIN.getN().subtract(rs[1]) : rs[1];
    byte[] compact = new byte[64];
    System.arraycopy(BigIntegers.asUnsignedByteArray(32, rs[0]), 0, compact, 0, 32);
    System.arraycopy(BigIntegers.asUnsignedByteArray(32, low), 0, compact, 32, 32);
    return compact;
  }

  @Override
  public boolean verify(byte[] compact, byte[] digest, byte[] point) {
    if (!onCurve(point)) {
      return false;
    }
    ECDSASigner signer = new ECDSASigner();
    signer.init(false, new ECPublicKeyParameters(decode(point), DOMAIN));
    return signer.verifySignature(digest, part(compact, 0), part(compact, 32));
  }

  @Override
  public Optional<byte[]> recover(byte[] compact, byte[] digest, int recoveryId) {
    BigInteger n = DOMAIN.getN();
    BigInteger r = part(compact, 0);
    BigInteger s = part(compact, 32);
    if (r.signum() == 0 || s.signum() == 0 || r.compareTo(n) >= 0 || s.compareTo(n) >= 0) {
      return Optional.empty();
    }
    byte[] x = new byte[33];
    x[0] = (byte) (2 + recoveryId);
    System.arraycopy(BigIntegers.asUnsignedByteArray(32, r), 0, x, 1, 32);
    ECPoint point;
    try {
      point = DOMAIN.getCurve().decodePoint(x);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    BigInteger inverse = r.modInverse(n);
    BigInteger u1 = inverse.multiply(new BigInteger(1, digest)).negate().mod(n);
    BigInteger u2 = inverse.multiply(s).mod(n);
    ECPoint key = ECAlgorithms.sumOfTwoMultiplies(DOMAIN.getG(), u1, point, u2).normalize();
    return key.isInfinity() ? Optional.empty() : Optional.of(encode(key));
  }

  @Override
  public boolean onCurve(byte[] point) {
    try {
      return decode(point).isValid();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  @Override
  public boolean validPrivateKey(byte[] privateKey) {
    BigInteger secret = new BigInteger(1, privateKey);
    return secret.signum() > 0 && secret.compareTo(DOMAIN.getN()) < 0;
  }

  @Override
  public String name() {
    return "BouncyCastle";
  }
}
