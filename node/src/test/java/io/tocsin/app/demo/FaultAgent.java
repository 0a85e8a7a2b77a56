package io.tocsin.app.demo;

import io.tocsin.base.Threads;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.AccessFlag;
import java.nio.charset.StandardCharsets;
import java.security.ProtectionDomain;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Rides in the process of a node under test, whose own code stays as it ships: lets it die at a
 * {@link FaultPoint}, and moves its clock. Told what to do by lines of the standard input: {@code
 * arm POINT}, {@code clock SECONDS}; answers each on the standard output.
 */
public final class FaultAgent implements ClassFileTransformer {
  /** The status of a process that was killed. */
  static final int KILLED = 137;

  private static final AtomicReference<Optional<FaultPoint>> ARMED =
      new AtomicReference<>(Optional.empty());
  private static final AtomicReference<Duration> OFFSET = new AtomicReference<>(Duration.ZERO);
  private static final InstantSource CLOCK =
      () -> InstantSource.system().instant().plus(OFFSET.get());

  private static final ClassDesc SELF = FaultAgent.class.describeConstable().orElseThrow();
  private static final MethodTypeDesc AT =
      MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_String, ConstantDescs.CD_Object);
  private static final MethodTypeDesc CLOCKS =
      MethodTypeDesc.of(InstantSource.class.describeConstable().orElseThrow());
  private static final Set<String> OWNERS =
      Arrays.stream(FaultPoint.values()).map(FaultPoint::owner).collect(Collectors.toSet());
  private static final Set<String> CLOCKED =
      Set.of("io/tocsin/app/RunCommand", "io/tocsin/app/NodeStorage");

  private FaultAgent() {}

  /** Called by the virtual machine; {@code order} is a first line of input, or empty. */
  public static void premain(String order, Instrumentation instrumentation) {
    obey(order);
    instrumentation.addTransformer(new FaultAgent());
    Thread _ = Threads.start("fault-orders", FaultAgent::listen);
  }

  private static void listen() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      String line = lines.readLine();
      while (line != null) {
        obey(line);
        System.out.println("fault: " + line);
        line = lines.readLine();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void obey(String order) {
    String[] words = order.split(" ", 2);
    switch (words[0]) {
      case "" -> {}
      case "arm" -> ARMED.set(Optional.of(FaultPoint.valueOf(words[1])));
      case "clock" -> OFFSET.set(Duration.ofSeconds(Long.parseLong(words[1])));
      default -> throw new IllegalArgumentException("no such order: " + order);
    }
  }

  /** The process is at this place; called by the woven methods. */
  public static void at(String place, @Nullable Object first) {
    if (ARMED.get().filter(point -> point.isAt(place, first)).isPresent()) {
      Runtime.getRuntime().halt(KILLED);
    }
  }

  /** The clock of the process; called by the woven methods. */
  public static InstantSource clock() {
    return CLOCK;
  }

  @Override
  public byte @Nullable [] transform(
      @Nullable ClassLoader loader,
      @Nullable String name,
      @Nullable Class<?> redefined,
      @Nullable ProtectionDomain domain,
      byte[] content) {
    if (name == null || !(OWNERS.contains(name) || CLOCKED.contains(name))) {
      return null;
    }
    try {
      ClassFile format = ClassFile.of();
      ClassModel model = format.parse(content);
      return format.transformClass(
          model,
          CLOCKED.contains(name)
              ? ClassTransform.transformingMethodBodies(reclocking())
              : woven(name));
    } catch (RuntimeException | Error e) {
      System.err.println("fault: " + name + " cannot be woven: " + e);
      Runtime.getRuntime().halt(1);
      return null;
    }
  }

  private static CodeTransform reclocking() {
    return (code, element) -> {
      if (element instanceof InvokeInstruction call
          && call.owner().asInternalName().equals("java/time/InstantSource")
          && call.name().equalsString("system")) {
        code.invokestatic(SELF, "clock", CLOCKS);
      } else {
        code.with(element);
      }
    };
  }

  private static ClassTransform woven(String owner) {
    return (type, element) -> {
      if (element instanceof MethodModel method && points(owner, method)) {
        type.transformMethod(
            method,
            MethodTransform.transformingCode(
                CodeTransform.ofStateful(() -> calling(owner, method))));
      } else {
        type.with(element);
      }
    };
  }

  private static boolean points(String owner, MethodModel method) {
    return method.code().isPresent()
        && Arrays.stream(FaultPoint.values())
            .anyMatch(
                point ->
                    point.owner().equals(owner)
                        && method.methodName().equalsString(point.method()));
  }

  /** Says so when {@code method} begins and where it returns. */
  private static CodeTransform calling(String owner, MethodModel method) {
    String name = method.methodName().stringValue();
    return new CodeTransform() {
      @Override
      public void atStart(CodeBuilder code) {
        call(code, FaultPoint.place(owner, name, true));
      }

      @Override
      public void accept(CodeBuilder code, CodeElement element) {
        if (element instanceof ReturnInstruction) {
          call(code, FaultPoint.place(owner, name, false));
        }
        code.with(element);
      }

      private void call(CodeBuilder code, String place) {
        code.ldc(place);
        var types = method.methodTypeSymbol();
        if (types.parameterCount() > 0 && !types.parameterType(0).isPrimitive()) {
          code.aload(method.flags().has(AccessFlag.STATIC) ? 0 : 1);
        } else {
          code.aconst_null();
        }
        code.invokestatic(SELF, "at", AT);
      }
    };
  }
}
