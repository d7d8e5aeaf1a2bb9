package org.leakharness.host.web;

import android.webkit.WebResourceError;

/** An error as the app sees it. */
final class LoadError extends WebResourceError {
  private final int code;
  private final String description;

  LoadError(int code, String description) {
    this.code = code;
    this.description = description;
  }

  @Override
  public int getErrorCode() {
    return code;
  }

  @Override
  public CharSequence getDescription() {
    return description;
  }
}
