package io.tocsin.quorum;

import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.crypto.Rlp;
import io.tocsin.crypto.Topic;
import java.util.List;

/** A member's word that a drill reached it: the payload of topic {@code drill-answer}. */
public record DrillAnswer(Hash32 drill) {
  /** Answers among members. */
  public static final Topic<DrillAnswer> TOPIC =
      new Topic<>("drill-answer", DrillAnswer::decode, 64);

  /** The wire form: RLP {@code [drill]}. */
  public Bytes encode() {
    return Rlp.encode(List.of(drill));
  }

  /**
   * Reads the wire form.
   *
   * @throws MalformedException if {@code wire} is anything else
   */
  public static DrillAnswer decode(Bytes wire) throws MalformedException {
    Rlp.Reader reader = Rlp.read(wire, "drill answer");
    Hash32 drill = reader.hash("drill");
    reader.end();
    return new DrillAnswer(drill);
  }
}
