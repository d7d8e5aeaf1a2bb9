package org.leakharness.host.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.robolectric.util.TempDirectory;

/** Robolectric's temporary folder, in which the app's data directory is a real, lasting one. */
final class DataDirectory extends TempDirectory {
  private final String dataName;
  private final Path data;

  DataDirectory(String packageName, Path data) {
    super("app");
    this.dataName = packageName + "-dataDir";
    this.data = data;
  }

  @Override
  public Path createIfNotExists(String name) {
    Path path = pathOf(name);
    if (path == null) {
      return super.createIfNotExists(name);
    }
    try {
      return Files.createDirectories(path);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private Path pathOf(String name) {
    if (name.equals(dataName)) {
      return data;
    }
    return name.equals("deviceDataDir") ? data.resolve("user_de") : null;
  }
}
