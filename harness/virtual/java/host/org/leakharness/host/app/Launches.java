package org.leakharness.host.app;

import java.util.concurrent.atomic.AtomicBoolean;

/** Tells the first start of an activity in this process from later ones. */
final class Launches {
  private static final AtomicBoolean FIRST = new AtomicBoolean(true);

  private Launches() {}

  static boolean first() {
    return FIRST.getAndSet(false);
  }
}
