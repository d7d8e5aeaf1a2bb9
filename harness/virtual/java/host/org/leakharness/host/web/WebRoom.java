package org.leakharness.host.web;

/** What the rest of the host asks of web views: that they are up to date when they are looked at. */
public final class WebRoom {
  private static final long LIMIT_MS = 2500;
  private static final long SETTLE_MS = 1500;

  private WebRoom() {}

  /** Before anything is looked at: what was touched and typed has reached the page. */
  public static void settle() {
    Browser browser = Browser.existing();
    if (browser != null) {
      for (Page page : browser.pages()) {
        page.settle(SETTLE_MS);
      }
    }
  }

  /** Before the nodes are dumped; not on the main thread. */
  public static void refreshNodes() {
    Browser browser = Browser.existing();
    if (browser != null) {
      for (Page page : browser.pages()) {
        if (page.view.isAttachedToWindow()) {
          page.nodes.refresh(LIMIT_MS);
        }
      }
    }
  }

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
