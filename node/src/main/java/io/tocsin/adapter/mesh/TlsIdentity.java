package io.tocsin.adapter.mesh;

import io.tocsin.base.Hash32;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.function.Predicate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Our TLS key and a certificate for it. A certificate is only the envelope of a public key here:
 * its names, issuer and dates are ignored on both sides.
 */
public record TlsIdentity(PrivateKey key, X509Certificate certificate) {
  private static final char[] IN_MEMORY = "in memory".toCharArray();

  /** The SHA-256 hash of the SubjectPublicKeyInfo (DER), by which the roster names a TLS key. */
  public static Hash32 hash(PublicKey key) {
    try {
      return Hash32.of(MessageDigest.getInstance("SHA-256").digest(key.getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** The hash of our own key. */
  public Hash32 hash() {
    return hash(certificate.getPublicKey());
  }

  /** TLS 1.3 with this key, towards peers whose key {@code known} accepts. */
  SSLContext context(Predicate<Hash32> known) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("tls", key, IN_MEMORY, new X509Certificate[] {certificate});
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, IN_MEMORY);
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(keys.getKeyManagers(), new TrustManager[] {new Pinned(known)}, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("cannot set up TLS with the key " + hash(), e);
    }
  }

  /** Trusts exactly the public keys that are pinned; TLS itself proves possession of the key. */
  private static final class Pinned extends X509ExtendedTrustManager {
    private final Predicate<Hash32> known;

    Pinned(Predicate<Hash32> known) {
      this.known = known;
    }

    private void check(X509Certificate[] chain) throws CertificateException {
      if (chain.length == 0 || !known.test(hash(chain[0].getPublicKey()))) {
        throw new CertificateException("not the TLS key of a member");
      }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      check(chain);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  @Override
  public String toString() {
    return "TlsIdentity[" + hash() + "]";
  }
}
