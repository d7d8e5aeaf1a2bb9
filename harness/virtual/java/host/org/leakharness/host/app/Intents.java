package org.leakharness.host.app;

import android.content.ComponentName;
import android.content.Intent;
import android.content.pm.PackageManager;
import android.content.pm.ResolveInfo;
import android.net.Uri;
import java.util.List;
import java.util.Map;
import org.leakharness.host.link.Refusal;
import org.leakharness.host.link.Request;
import org.robolectric.RuntimeEnvironment;

/** Intents as they come over the wire. */
final class Intents {
  private Intents() {}

  static Intent of(Request request) {
    Intent intent = new Intent();
    if (!request.text("action").isEmpty()) {
      intent.setAction(request.text("action"));
    }
    for (String category : request.texts("categories")) {
      intent.addCategory(category);
    }
    Uri data = request.text("data").isEmpty() ? null : Uri.parse(request.text("data"));
    String type = request.text("type").isEmpty() ? null : request.text("type");
    intent.setDataAndType(data, type);
    intent.addFlags((int) request.number("flags"));
    for (Map.Entry<String, Object> extra : request.map("extras").entrySet()) {
      put(intent, extra.getKey(), extra.getValue());
    }
    if (!request.text("component").isEmpty()) {
      ComponentName name = ComponentName.unflattenFromString(request.text("component"));
      if (name == null) {
        throw new Refusal("bad_argument", "Bad component name: " + request.text("component"));
      }
      intent.setComponent(name);
    }
    return intent;
  }

  private static void put(Intent intent, String name, Object value) {
    if (value instanceof Boolean) {
      intent.putExtra(name, (Boolean) value);
    } else if (value instanceof Double) {
      intent.putExtra(name, ((Double) value).floatValue());
    } else if (value instanceof Long) {
      long number = (Long) value;
      if (number == (int) number) {
        intent.putExtra(name, (int) number);
      } else {
        intent.putExtra(name, number);
      }
    } else {
      intent.putExtra(name, String.valueOf(value));
    }
  }

  /** An intent that says nothing means the launcher activity, as the home screen starts it. */
  static Intent withComponent(Intent intent) {
    boolean empty =
        intent.getComponent() == null && intent.getAction() == null && intent.getData() == null;
    boolean launcher =
        Intent.ACTION_MAIN.equals(intent.getAction())
            && intent.hasCategory(Intent.CATEGORY_LAUNCHER)
            && intent.getComponent() == null;
    if (!empty && !launcher) {
      return intent;
    }
    Intent query = new Intent(Intent.ACTION_MAIN).addCategory(Intent.CATEGORY_LAUNCHER);
    query.setPackage(BoundApp.packageName());
    PackageManager packages = RuntimeEnvironment.getApplication().getPackageManager();
    List<ResolveInfo> found = packages.queryIntentActivities(query, 0);
    if (found.isEmpty()) {
      throw new Refusal("no_such_activity", "no launcher activity in " + BoundApp.packageName());
    }
    intent.setAction(Intent.ACTION_MAIN).addCategory(Intent.CATEGORY_LAUNCHER);
    intent.setClassName(found.get(0).activityInfo.packageName, found.get(0).activityInfo.name);
    return intent;
  }
}
