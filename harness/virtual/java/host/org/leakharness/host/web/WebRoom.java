package org.leakharness.host.web;

/** What the rest of the host asks of web views: that they are up to date when they are looked at. */
public final class WebRoom {
  private static final long LIMIT_MS = 2500;

  private WebRoom() {}

  /** Before the screen is drawn; not on the main thread. */
  public static void refreshPictures() {
    Browser browser = Browser.existing();
    if (browser != null) {
      for (Page page : browser.pages()) {
        if (page.view.isAttachedToWindow()) {
          page.picture.refresh(LIMIT_MS);
        }
      }
    }
  }
}
