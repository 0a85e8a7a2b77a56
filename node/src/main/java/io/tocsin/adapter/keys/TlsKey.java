package io.tocsin.adapter.keys;

import io.tocsin.base.Hash32;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A P-256 key with a certificate that it signed itself: peers know it by the hash of its public key
 * in the roster, so no authority is involved.
 */
public record TlsKey(PrivateKey privateKey, X509Certificate certificate) {
  private static final String ALIAS = "tls";
  private static final Duration VALIDITY = Duration.ofDays(3_650);

  /** A new key; the certificate is valid for ten years from a day before {@code now}. */
  public static TlsKey generate(String name, Instant now, SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      KeyPair pair = generator.generateKeyPair();
      X500Name subject = new X500Name("CN=" + name);
      X509CertificateHolder holder =
          new JcaX509v3CertificateBuilder(
                  subject,
                  new BigInteger(159, random).add(BigInteger.ONE),
                  Date.from(now.minus(Duration.ofDays(1))),
                  Date.from(now.plus(VALIDITY)),
                  subject,
                  pair.getPublic())
              .build(
                  new JcaContentSignerBuilder("SHA256withECDSA")
                      .setSecureRandom(random)
                      .build(pair.getPrivate()));
      return new TlsKey(
          pair.getPrivate(), new JcaX509CertificateConverter().getCertificate(holder));
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("this JDK cannot make a P-256 certificate", e);
    }
  }

  /** The SHA-256 hash of the SubjectPublicKeyInfo of {@code key}, as rosters name TLS keys. */
  public static Hash32 hash(PublicKey key) {
    try {
      return Hash32.of(MessageDigest.getInstance("SHA-256").digest(key.getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** The hash of this key. */
  public Hash32 hash() {
    return hash(certificate.getPublicKey());
  }

  /** The key in a PKCS#12 file under {@code password}. */
  byte[] lock(char[] password) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      store(password).store(out, password);
      return out.toByteArray();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("this JDK cannot write PKCS#12", e);
    }
  }

  /** A key store in memory that holds this key under {@code password}, for an SSL context. */
  public KeyStore store(char[] password) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(ALIAS, privateKey, password, new X509Certificate[] {certificate});
      return store;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("this JDK cannot make PKCS#12", e);
    }
  }

  /**
   * The key in a PKCS#12 file.
   *
   * @throws IOException if the password is wrong or there is no such key
   */
  static TlsKey unlock(byte[] file, char[] password) throws IOException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(new ByteArrayInputStream(file), password);
      if (store.getKey(ALIAS, password) instanceof PrivateKey key
          && store.getCertificate(ALIAS) instanceof X509Certificate certificate) {
        return new TlsKey(key, certificate);
      }
      throw new IOException("it holds no key named " + ALIAS);
    } catch (GeneralSecurityException e) {
      throw new IOException("not a PKCS#12 file for this password", e);
    }
  }

  @Override
  public String toString() {
    return "TlsKey[" + hash() + "]";
  }
}
