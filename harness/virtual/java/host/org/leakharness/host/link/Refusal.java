package org.leakharness.host.link;

/** A command that cannot be done; `kind` and message go back to the caller. */
public final class Refusal extends RuntimeException {
  public final String kind;

  public Refusal(String kind, String message) {
    super(message);
    this.kind = kind;
  }
}
