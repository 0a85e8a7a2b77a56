package io.tocsin.app;

import io.tocsin.adapter.files.CorpusFolder;
import io.tocsin.base.Address;
import io.tocsin.base.MalformedException;
import io.tocsin.chain.StateReads;
import io.tocsin.chain.TxTrace;
import io.tocsin.detect.DetectConfig;
import io.tocsin.detect.Detectors;
import io.tocsin.detect.Finding;
import io.tocsin.detect.History;
import io.tocsin.detect.TraceFacts;
import io.tocsin.detect.evaluate.Labelled;
import io.tocsin.detect.signature.Course;
import io.tocsin.detect.signature.FamilyTrial;
import io.tocsin.detect.signature.Signature;
import io.tocsin.detect.signature.SignatureParser;
import io.tocsin.detect.signature.SignatureParser.Parsed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the commands about signatures read: signatures, and transactions as courses of events. */
record SignatureCases(
    List<FamilyTrial.Case> attacks,
    List<FamilyTrial.Case> benign,
    int failed,
    int refused,
    List<String> failures) {
  private static final Detectors DETECTORS = new Detectors(DetectConfig.DEFAULT);

  /** One transaction; without a case if it failed on the chain or was refused. */
  private record Read(boolean harmless, boolean failed, Optional<FamilyTrial.Case> found) {
    static Read of(Labelled labelled) {
      TxTrace trace = labelled.trace();
      boolean harmless = labelled.label().benign();
      return new Read(harmless, trace.failed(), SignatureCases.one(trace, !harmless));
    }
  }

  /** All transactions of a corpus. A transaction that failed on the chain did nothing. */
  static SignatureCases of(Path corpus, Output output) throws InterruptedException {
    CorpusRun<Read> run = CorpusRun.of(corpus, Read::of, output, "reading");
    List<FamilyTrial.Case> attacks = new ArrayList<>();
    List<FamilyTrial.Case> benign = new ArrayList<>();
    int failed = 0;
    int refused = 0;
    for (Read read : run.results()) {
      if (read.found().isPresent()) {
        (read.harmless() ? benign : attacks).add(read.found().get());
      } else if (read.failed()) {
        failed++;
      } else {
        refused++;
      }
    }
    return new SignatureCases(attacks, benign, failed, refused, run.failures());
  }

  /** The harmless transactions of a corpus, or of all that ships: ordinary ones and lookalikes. */
  static List<Course> harmless(@Nullable Path corpus, Output output) throws InterruptedException {
    List<Course> all = new ArrayList<>();
    Path shipped = CorpusRun.shipped();
    List<Path> folders =
        corpus == null ? List.of(shipped, shipped.resolve("lookalikes")) : List.of(corpus);
    for (Path folder : folders) {
      of(folder, output).benign().forEach(one -> all.add(one.course()));
    }
    if (all.isEmpty()) {
      throw CommandException.usage(
          "there is no harmless transaction in benign/; a signature needs some to be silent on");
    }
    return all;
  }

  private static Optional<FamilyTrial.Case> one(TxTrace trace, boolean robbery) {
    Optional<TraceFacts> facts = DETECTORS.facts(trace, StateReads.NONE, History.NONE);
    Set<Address> subjects =
        robbery
            ? DETECTORS.scan(trace, StateReads.NONE, History.NONE).findings().stream()
                .map(Finding::subject)
                .collect(Collectors.toSet())
            : Set.of();
    return facts.map(f -> new FamilyTrial.Case(trace.tx(), Course.of(f), subjects));
  }

  /** The transaction in one file. */
  static FamilyTrial.Case single(Path file) {
    try {
      return one(CorpusFolder.single(file), true)
          .orElseThrow(
              () ->
                  CommandException.negative(
                      file
                          + " is not analysed: the transaction failed, its call data was cut, or it"
                          + " has too many frames"));
    } catch (IOException e) {
      throw CommandException.usage("cannot read " + file + ": " + FileText.reason(e));
    } catch (MalformedException e) {
      throw CommandException.usage(file + " is no call tree: " + e.getMessage());
    }
  }

  /** The signatures in files, in their order. */
  static List<Signature> signatures(List<Path> files) {
    List<Signature> all = new ArrayList<>();
    for (Path file : files) {
      switch (SignatureParser.parse(new String(FileText.read(file), StandardCharsets.UTF_8))) {
        case Parsed.Ready(List<Signature> signatures) -> all.addAll(signatures);
        case Parsed.Faulty fault -> throw CommandException.usage(file + ", " + fault.sentence());
      }
    }
    return all;
  }
}
