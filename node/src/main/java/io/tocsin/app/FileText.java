package io.tocsin.app;

import io.tocsin.adapter.keys.PrivateFiles;
import io.tocsin.base.MalformedException;
import io.tocsin.identity.FederationFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Predicate;

/** Files that commands read and write, with a sentence when they cannot. */
final class FileText {
  private static final long MAX_BYTES = 64 << 20;

  private FileText() {}

  static byte[] read(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw CommandException.usage(file + " is larger than 64 MiB; this is no file of ours");
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw CommandException.environment("cannot read " + file + ": " + reason(e));
    }
  }

  static void create(Path file, String text) {
    if (Files.exists(file)) {
      throw CommandException.usage(
          file + " exists and is left as it is; move it away or choose another name");
    }
    replace(file, text);
  }

  static void replace(Path file, String text) {
    try {
      PrivateFiles.replace(file, text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw CommandException.environment("cannot write " + file + ": " + reason(e));
    }
  }

  /**
   * Replaces a federation file unless it changed since {@code before} was read: a running node and
   * commands may write it at the same time, and none may undo the other's work.
   */
  static void replace(Path file, FederationFile before, FederationFile after) {
    try {
      if (!replaceIf(file, now -> federation(file, now).equals(before), after.write())) {
        throw CommandException.usage(
            file + " changed in the meantime, maybe by a running node: run the command again");
      }
    } catch (IOException e) {
      throw CommandException.environment("cannot write " + file + ": " + reason(e));
    }
  }

  /**
   * Replaces {@code file} in one step if {@code unchanged} accepts what it holds at that moment.
   */
  static synchronized boolean replaceIf(Path file, Predicate<byte[]> unchanged, String text)
      throws IOException {
    Path lock = file.toAbsolutePath().resolveSibling("." + file.getFileName() + ".lock");
    try (FileChannel channel =
            FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock _ = channel.lock()) {
      if (!unchanged.test(Files.readAllBytes(file))) {
        return false;
      }
      PrivateFiles.replace(file, text.getBytes(StandardCharsets.UTF_8));
      return true;
    }
  }

  static FederationFile federation(Path file) {
    return federation(file, read(file));
  }

  private static FederationFile federation(Path file, byte[] content) {
    try {
      return FederationFile.read(content);
    } catch (MalformedException e) {
      throw CommandException.usage(file + ": " + e.getMessage());
    }
  }

  static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException missing -> "there is no " + missing.getFile();
      case FileAlreadyExistsException there -> there.getFile() + " exists";
      default -> String.valueOf(e.getMessage());
    };
  }
}
