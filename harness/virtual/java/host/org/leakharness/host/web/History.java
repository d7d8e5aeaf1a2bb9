package org.leakharness.host.web;

import android.graphics.Bitmap;
import android.webkit.WebBackForwardList;
import android.webkit.WebHistoryItem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.leakharness.host.link.Json;

/** The page's back and forward list, as the browser last told it. */
final class History {
  private final Page page;
  private volatile List<Item> items = new ArrayList<>();
  private volatile int current = -1;

  History(Page page) {
    this.page = page;
  }

  /** The browser's entries, without the blank page that it began with. */
  void refresh() {
    page.send("Page.getNavigationHistory")
        .thenAccept(
            answer -> {
              List<Item> found = new ArrayList<>();
              int at = Told.whole(answer, "currentIndex");
              for (Object entry : Told.list(answer, "entries")) {
                Map<String, Object> fields = Json.asMap(entry);
                boolean first = found.isEmpty() && Told.text(fields, "url").equals("about:blank");
                if (first && Told.list(answer, "entries").size() > 1) {
                  at--;
                } else {
                  found.add(new Item(fields));
                }
              }
              items = found;
              current = at;
              if (at >= 0 && at < found.size()) {
                page.navigation.titled(found.get(at).title);
              }
            });
  }

  boolean can(int steps) {
    int to = current + steps;
    return to >= 0 && to < items.size();
  }

  void go(int steps) {
    if (can(steps)) {
      page.requests.expect(Expected.plain());
      page.send("Page.navigateToHistoryEntry", "entryId", items.get(current + steps).id);
    }
  }

  void clear() {
    page.send("Page.resetNavigationHistory").thenAccept(answer -> refresh());
  }

  WebBackForwardList list() {
    return new Copy(new ArrayList<>(items), current);
  }

  private static final class Item extends WebHistoryItem {
    final int id;
    private final String url;
    private final String original;
    private final String title;

    Item(Map<String, Object> entry) {
      this.id = Told.whole(entry, "id");
      this.url = Told.text(entry, "url");
      this.original = Told.text(entry, "userTypedURL");
      this.title = Told.text(entry, "title");
    }

    @Override
    public int getId() {
      return id;
    }

    @Override
    public String getUrl() {
      return url;
    }

    @Override
    public String getOriginalUrl() {
      return original.isEmpty() ? url : original;
    }

    @Override
    public String getTitle() {
      return title;
    }

    @Override
    public Bitmap getFavicon() {
      return null;
    }

    @Override
    protected WebHistoryItem clone() {
      return this;
    }
  }

  private static final class Copy extends WebBackForwardList {
    private final List<Item> items;
    private final int current;

    Copy(List<Item> items, int current) {
      this.items = items;
      this.current = current;
    }

    @Override
    public WebHistoryItem getCurrentItem() {
      return getItemAtIndex(current);
    }

    @Override
    public int getCurrentIndex() {
      return current;
    }

    @Override
    public WebHistoryItem getItemAtIndex(int index) {
      return index < 0 || index >= items.size() ? null : items.get(index);
    }

    @Override
    public int getSize() {
      return items.size();
    }

    @Override
    protected WebBackForwardList clone() {
      return this;
    }
  }
}
