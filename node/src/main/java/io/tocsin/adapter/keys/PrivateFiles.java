package io.tocsin.adapter.keys;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** Files that only their owner may read, written whole or not at all. */
public final class PrivateFiles {
  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> EVERYONE =
      PosixFilePermissions.fromString("rw-r--r--");

  private PrivateFiles() {}

  private static boolean posix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /**
   * Creates {@code file} for its owner only; never overwrites.
   *
   * @throws FileAlreadyExistsException if there is one
   */
  static void create(Path file, byte[] content) throws IOException {
    Path draft = draft(file, content, OWNER);
    try {
      Files.createLink(file, draft);
    } catch (UnsupportedOperationException e) {
      if (Files.exists(file)) {
        throw new FileAlreadyExistsException(file.toString(), null, e.toString());
      }
      Files.copy(draft, file);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  /** Replaces {@code file}, readable by everyone, in one step. */
  public static void replace(Path file, byte[] content) throws IOException {
    Path draft = draft(file, content, EVERYONE);
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static Path draft(Path file, byte[] content, Set<PosixFilePermission> permissions)
      throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    FileAttribute<?>[] attributes =
        posix(file)
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER)}
            : new FileAttribute<?>[0];
    Path draft = Files.createTempFile(parent, "." + file.getFileName(), ".draft", attributes);
    try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
    if (posix(file)) {
      Files.setPosixFilePermissions(draft, permissions);
    }
    return draft;
  }

  /** Creates a directory for its owner only, with its parents; an existing one stays as it is. */
  static void directory(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    Path parent = directory.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    if (posix(directory)) {
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } else {
      Files.createDirectory(directory);
    }
  }

  /**
   * The content of {@code file}, which only its owner may read.
   *
   * @throws IOException if it cannot be read, or others can
   */
  public static byte[] read(Path file) throws IOException {
    if (posix(file)) {
      Set<PosixFilePermission> others = EnumSet.noneOf(PosixFilePermission.class);
      others.addAll(Files.getPosixFilePermissions(file));
      others.removeAll(PosixFilePermissions.fromString("rwx------"));
      if (!others.isEmpty()) {
        throw new IOException(file + " is open to other users; run: chmod 600 " + file);
      }
    }
    return Files.readAllBytes(file);
  }
}
