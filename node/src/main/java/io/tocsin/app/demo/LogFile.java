package io.tocsin.app.demo;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.FileAppender;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Sends what the nodes log to a file instead of the screen, until closed. */
final class LogFile implements AutoCloseable {
  private final Logger root;
  private final FileAppender<ILoggingEvent> file = new FileAppender<>();
  private final List<Appender<ILoggingEvent>> before = new ArrayList<>();

  private LogFile(Path path) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.iteratorForAppenders().forEachRemaining(before::add);
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern("%d{HH:mm:ss.SSS} %-5level %logger{0}: %msg%n");
    encoder.start();
    file.setContext(context);
    file.setFile(path.toString());
    file.setEncoder(encoder);
    file.start();
    root.addAppender(file);
    before.forEach(root::detachAppender);
  }

  /** Logs to {@code path} from now on. */
  static LogFile at(Path path) {
    return new LogFile(path);
  }

  @Override
  public void close() {
    before.forEach(root::addAppender);
    root.detachAppender(file);
    file.stop();
  }
}
