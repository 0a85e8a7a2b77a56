package io.tocsin.expression;

import dev.cel.checker.CelStandardDeclarations;
import dev.cel.checker.CelStandardDeclarations.StandardFunction;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import io.tocsin.base.Text;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A yes-or-no question in CEL, compiled and type-checked against a {@link Vocabulary}. Immutable
 * and thread-safe.
 *
 * <p>Its cost is bounded: at most 2,000 characters and 500 syntax nodes, input texts of at most 256
 * characters, lists of at most 100 entries, at most 1,000 loop iterations in all, no operator that
 * makes a text or list longer than what went in, regular expressions in linear time.
 *
 * @see <a href="https://github.com/google/cel-spec">Common Expression Language</a>
 */
public final class Condition {
  private static final int MAX_SOURCE = 2_000;
  private static final int MAX_NODES = 500;
  private static final int MAX_DEPTH = 50;
  private static final int MAX_ITERATIONS = 1_000;
  private static final int MAX_PATTERN = 1_000;
  static final int MAX_TEXT = 256;
  static final int MAX_LIST = 100;

  private static final CelOptions OPTIONS =
      CelOptions.current()
          .maxExpressionCodePointSize(MAX_SOURCE)
          .maxParseExpressionNodeCount(MAX_NODES)
          .maxParseRecursionDepth(MAX_DEPTH)
          .comprehensionMaxIterations(MAX_ITERATIONS)
          .maxRegexProgramSize(MAX_PATTERN)
          .enableHeterogeneousNumericComparisons(true)
          .build();

  private static final CelStandardDeclarations DECLARATIONS =
      CelStandardDeclarations.newBuilder()
          .filterFunctions((function, overload) -> !grows(function, overload.celOverloadDecl()))
          .build();

  private static boolean grows(
      StandardFunction function, dev.cel.common.CelOverloadDecl declaration) {
    return function == StandardFunction.ADD
        && List.of("add_string", "add_bytes", "add_list").contains(declaration.overloadId());
  }

  private final String source;
  private final Vocabulary vocabulary;
  private final CelRuntime.Program program;

  private Condition(String source, Vocabulary vocabulary, CelRuntime.Program program) {
    this.source = source;
    this.vocabulary = vocabulary;
    this.program = program;
  }

  /** What compiling came to. */
  public sealed interface Compiled {
    /** It compiles. */
    record Ready(Condition condition) implements Compiled {}

    /** It does not; every fault found. */
    record Faulty(List<Fault> faults) implements Compiled {
      public Faulty {
        faults = List.copyOf(faults);
      }
    }
  }

  /**
   * One fault of a condition's text.
   *
   * @param line from 1, within the condition
   * @param column from 1
   */
  public record Fault(int line, int column, String message) {}

  /** What a condition says of given facts. */
  public sealed interface Answer {
    /** Yes. */
    record Yes() implements Answer {}

    /** No. */
    record No() implements Answer {}

    /** It cannot say: never to be taken for a yes. */
    record Failed(String reason) implements Answer {}
  }

  /** Compiles {@code source} against {@code vocabulary}. */
  public static Compiled compile(String source, Vocabulary vocabulary) {
    if (source.length() > MAX_SOURCE) {
      return new Compiled.Faulty(
          List.of(new Fault(1, 1, "longer than " + MAX_SOURCE + " characters")));
    }
    CelCompilerBuilder compiler =
        CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(OPTIONS)
            .setStandardEnvironmentEnabled(false)
            .setStandardDeclarations(DECLARATIONS)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .setResultType(SimpleType.BOOL);
    vocabulary.variables().forEach((name, type) -> compiler.addVar(name, typeOf(type)));
    try {
      CelAbstractSyntaxTree tree = compiler.build().compile(source).getAst();
      CelRuntime runtime = CelRuntimeFactory.legacyCelRuntimeBuilder().setOptions(OPTIONS).build();
      return new Compiled.Ready(new Condition(source, vocabulary, runtime.createProgram(tree)));
    } catch (CelValidationException e) {
      return new Compiled.Faulty(e.getErrors().stream().map(Condition::fault).toList());
    } catch (CelEvaluationException e) {
      return new Compiled.Faulty(List.of(new Fault(1, 1, Text.printable(message(e)))));
    }
  }

  private static Fault fault(CelIssue issue) {
    return new Fault(
        Math.max(issue.getSourceLocation().getLine(), 1),
        Math.max(issue.getSourceLocation().getColumn(), 0) + 1,
        Text.printable(issue.getMessage()));
  }

  private static CelType typeOf(Vocabulary.Type type) {
    return switch (type) {
      case BOOLEAN -> SimpleType.BOOL;
      case INTEGER -> SimpleType.INT;
      case NUMBER -> SimpleType.DOUBLE;
      case TEXT -> SimpleType.STRING;
      case TEXTS -> ListType.create(SimpleType.STRING);
    };
  }

  /** The condition as written. */
  public String source() {
    return source;
  }

  /** Asks the condition; {@code facts} must have a value of the right type for each variable. */
  public Answer ask(Map<String, Object> facts) {
    for (var variable : vocabulary.variables().entrySet()) {
      String fault = misfit(variable.getValue(), facts.get(variable.getKey()));
      if (!fault.isEmpty()) {
        return new Answer.Failed(variable.getKey() + " " + fault);
      }
    }
    try {
      Object result = program.eval(facts);
      if (result instanceof Boolean yes) {
        return yes ? new Answer.Yes() : new Answer.No();
      }
      return new Answer.Failed("gave no boolean");
    } catch (CelEvaluationException | RuntimeException e) {
      return new Answer.Failed(Text.printable(message(e)));
    }
  }

  private static String message(Exception e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  private static String misfit(Vocabulary.Type type, @Nullable Object value) {
    if (value == null) {
      return "has no value";
    }
    boolean fits =
        switch (type) {
          case BOOLEAN -> value instanceof Boolean;
          case INTEGER -> value instanceof Long;
          case NUMBER -> value instanceof Double;
          case TEXT -> value instanceof String text && text.length() <= MAX_TEXT;
          case TEXTS ->
              value instanceof List<?> list
                  && list.size() <= MAX_LIST
                  && list.stream()
                      .allMatch(e -> e instanceof String text && text.length() <= MAX_TEXT);
        };
    return fits ? "" : "is no " + type.name().toLowerCase(Locale.ROOT) + " within bounds";
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Condition c && source.equals(c.source) && vocabulary.equals(c.vocabulary);
  }

  @Override
  public int hashCode() {
    return source.hashCode();
  }

  @Override
  public String toString() {
    return source;
  }
}
