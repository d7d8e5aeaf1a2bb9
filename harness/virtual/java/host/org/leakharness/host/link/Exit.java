package org.leakharness.host.link;

import java.io.File;

/** Ends the process at once and takes its private folder along, whatever the app's threads do. */
public final class Exit {
  /** Exit codes; 10 is what Android uses after an uncaught exception. */
  public static final int CRASH = 10;

  public static final int CHANNEL_LOST = 20;
  public static final int BOOT_FAILED = 21;

  /** As a shell reports SIGKILL, which is what Process.killProcess sends. */
  public static final int KILLED = 128 + 9;

  private static final int SIGTERM = 128 + 15;

  private static volatile boolean leaving;

  private Exit() {}

  /** From here on nothing is worth reporting. */
  public static boolean isLeaving() {
    return leaving;
  }

  public static void now(int code) {
    leaving = true;
    removeFolder(new File(System.getProperty("java.io.tmpdir")));
    Runtime.getRuntime().halt(code);
  }

  /** SIGTERM: a hook of the app or of a library must not keep the process alive. */
  public static void onSignal() {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> now(SIGTERM), "exit"));
  }

  private static void removeFolder(File folder) {
    File[] children = folder.listFiles();
    if (children != null) {
      for (File child : children) {
        if (child.isDirectory() && !java.nio.file.Files.isSymbolicLink(child.toPath())) {
          removeFolder(child);
        } else {
          child.delete();
        }
      }
    }
    folder.delete();
  }
}
