package org.leakharness.host.web;

import android.net.Uri;
import android.util.Log;
import android.webkit.MimeTypeMap;
import android.webkit.WebResourceResponse;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * Addresses that mean files of the app, as Android's WebView reads them: assets, resources, content
 * providers and, where the app allows it, its own data. The browser itself never opens a file.
 */
final class LocalFiles {
  private static final String ASSETS = "android_asset";
  private static final String RESOURCES = "android_res";

  private final Page page;

  LocalFiles(Page page) {
    this.page = page;
  }

  boolean owns(String url) {
    return url.startsWith("file:") || url.startsWith("content:");
  }

  /** The file's content, or null when it does not exist or may not be read. */
  WebResourceResponse read(String url) {
    Uri uri = Uri.parse(url);
    try {
      InputStream content = open(uri);
      return content == null ? null : new WebResourceResponse(type(uri), null, content);
    } catch (IOException | SecurityException absent) {
      Log.e("AndroidProtocolHandler", "Unable to open " + url + ": " + absent);
      return null;
    }
  }

  private InputStream open(Uri uri) throws IOException {
    if ("content".equals(uri.getScheme())) {
      return page.settings.getAllowContentAccess()
          ? page.context.getContentResolver().openInputStream(uri)
          : null;
    }
    List<String> path = uri.getPathSegments();
    String first = path.isEmpty() ? "" : path.get(0);
    if (first.equals(ASSETS)) {
      return page.context.getAssets().open(String.join("/", path.subList(1, path.size())));
    }
    if (first.equals(RESOURCES) && path.size() == 3) {
      return resource(path.get(1), path.get(2));
    }
    File file = new File(String.valueOf(uri.getPath())).getCanonicalFile();
    String data = new File(page.context.getApplicationInfo().dataDir).getCanonicalPath();
    boolean own = file.getPath().startsWith(data + File.separator);
    return page.settings.getAllowFileAccess() && own ? new FileInputStream(file) : null;
  }

  private InputStream resource(String type, String file) {
    int dot = file.lastIndexOf('.');
    String name = dot < 0 ? file : file.substring(0, dot);
    int id =
        page.context
            .getResources()
            .getIdentifier(name, type.split("-")[0], page.context.getPackageName());
    return id == 0 ? null : page.context.getResources().openRawResource(id);
  }

  private static String type(Uri uri) {
    String name = String.valueOf(uri.getLastPathSegment());
    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(java.util.Locale.ROOT);
    switch (ending) {
      case "html":
      case "htm":
        return "text/html";
      case "js":
      case "mjs":
        return "text/javascript";
      case "css":
        return "text/css";
      case "json":
        return "application/json";
      case "svg":
        return "image/svg+xml";
      case "wasm":
        return "application/wasm";
      default:
        String known = MimeTypeMap.getSingleton().getMimeTypeFromExtension(ending);
        return known != null ? known : java.net.URLConnection.guessContentTypeFromName(name);
    }
  }
}
