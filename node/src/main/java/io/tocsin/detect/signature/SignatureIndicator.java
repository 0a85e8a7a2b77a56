package io.tocsin.detect.signature;

import io.tocsin.base.MalformedException;
import io.tocsin.detect.signature.SignatureParser.Parsed;
import io.tocsin.stix.Indicator;
import io.tocsin.stix.StixId;
import java.time.Instant;
import java.util.List;

/** A signature as it travels: an indicator with a {@code pattern_type} of its own. */
public final class SignatureIndicator {
  /** The name of the language in STIX. */
  public static final String PATTERN_TYPE = "tocsin-signature";

  private SignatureIndicator() {}

  /** The indicator of {@code signature}; its id follows from author and content. */
  public static Indicator of(
      Signature signature, StixId author, Indicator.Validity validity, Instant written) {
    return new Indicator(
        StixId.named("indicator", author + " " + signature.id()),
        author,
        signature.name(),
        new Indicator.Pattern(SignatureText.write(signature), PATTERN_TYPE, Signature.LANGUAGE),
        validity,
        new Indicator.Version(written, written, false));
  }

  /**
   * The signature in an indicator.
   *
   * @throws MalformedException if it is in another language or version, or not one signature
   */
  public static Signature signature(Indicator indicator) throws MalformedException {
    Indicator.Pattern pattern = indicator.pattern();
    if (!pattern.language().equals(PATTERN_TYPE) || !pattern.version().equals(Signature.LANGUAGE)) {
      throw new MalformedException(
          "indicator: expected pattern_type " + PATTERN_TYPE + " " + Signature.LANGUAGE);
    }
    return switch (SignatureParser.parse(pattern.text())) {
      case Parsed.Faulty fault -> throw new MalformedException("pattern, " + fault.sentence());
      case Parsed.Ready(List<Signature> all) when all.size() == 1 -> all.getFirst();
      case Parsed.Ready _ -> throw new MalformedException("pattern: more than one signature");
    };
  }
}
