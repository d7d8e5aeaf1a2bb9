package org.leakharness.host.link;

import java.net.URL;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/** What the outer class loader hands to the code inside the sandbox; shared by both. */
public final class Link {
  /** Whoever serves requests; runs on the reader's thread and must not block. */
  public interface Server {
    void serve(Request request);
  }

  public static volatile Channel channel;
  public static volatile Server server;

  /** Appends a jar to the sandbox's class path. */
  public static volatile Consumer<URL> addUrl;

  /** Robolectric's `TestEnvironment` of the sandbox. */
  public static volatile Object environment;

  /** The one bind request; the main thread waits on it while the process is warm. */
  public static final BlockingQueue<Request> BIND = new LinkedBlockingQueue<>();

  private Link() {}
}
