package io.tocsin.app;

import io.tocsin.adapter.keys.PrivateFiles;
import io.tocsin.base.MalformedException;
import io.tocsin.identity.FederationFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

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

  static FederationFile federation(Path file) {
    try {
      return FederationFile.read(read(file));
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
