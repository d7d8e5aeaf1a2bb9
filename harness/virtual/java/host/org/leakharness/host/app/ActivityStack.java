package org.leakharness.host.app;

import android.app.Activity;
import android.content.ActivityNotFoundException;
import android.content.ComponentCallbacks2;
import android.content.ComponentName;
import android.content.Intent;
import android.content.pm.ActivityInfo;
import android.content.pm.PackageManager;
import android.content.pm.ResolveInfo;
import android.os.Handler;
import android.os.Looper;
import java.util.ArrayList;
import java.util.List;
import org.leakharness.host.link.Refusal;
import org.robolectric.RuntimeEnvironment;

/**
 * The app's one task: activities from root to top, and whether it is on the screen.
 *
 * <p>What ActivityTaskManager does on a phone, in its order: pause the old, create and resume the
 * new, stop the old; results before resume; a finished activity is destroyed when its successor
 * is up. All on the main thread, except `request`.
 */
public final class ActivityStack {
  private static final ActivityStack INSTANCE = new ActivityStack();

  private final List<ActivityRecord> records = new ArrayList<>();
  private boolean front;

  private ActivityStack() {}

  public static ActivityStack get() {
    return INSTANCE;
  }

  /** The app asks for an activity, on any thread; it is started by a later message. */
  void request(Intent intent, Activity caller, String who, int requestCode) {
    Intent copy = new Intent(intent);
    ActivityInfo info = resolve(copy);
    if (info == null) {
      ComponentName name = copy.getComponent();
      throw new ActivityNotFoundException(
          name == null
              ? "No Activity found to handle " + copy
              : "Unable to find explicit activity class " + name.toShortString()
                  + "; have you declared this activity in your AndroidManifest.xml, or does your"
                  + " intent not match its declared <intent-filter>?");
    }
    new Handler(Looper.getMainLooper())
        .post(() -> launch(copy, info, caller, who, requestCode));
  }

  /** `am start`: true when the task was only brought to the front. */
  boolean fromShell(Intent intent) {
    ActivityInfo info = resolve(intent);
    if (info == null) {
      throw new Refusal("no_such_activity", String.valueOf(intent.getComponent()));
    }
    intent.addFlags(Intent.FLAG_ACTIVITY_NEW_TASK);
    ActivityRecord root = records.isEmpty() ? null : records.get(0);
    boolean anew = (intent.getFlags() & Intent.FLAG_ACTIVITY_CLEAR_TASK) != 0;
    boolean again = root != null && !anew && root.intent.filterEquals(intent);
    if (again && !isForTop(info, intent)) {
      toFront();
      return true;
    }
    boolean behind = !front;
    launch(intent, info, null, null, -1);
    return again && behind;
  }

  /** A single-top activity on top is handed the intent, also when its task began with it. */
  private boolean isForTop(ActivityInfo info, Intent intent) {
    boolean singleTop =
        info.launchMode == ActivityInfo.LAUNCH_SINGLE_TOP
            || (intent.getFlags() & Intent.FLAG_ACTIVITY_SINGLE_TOP) != 0;
    return singleTop && topRecord().isOf(info.name);
  }

  private static ActivityInfo resolve(Intent intent) {
    PackageManager packages = RuntimeEnvironment.getApplication().getPackageManager();
    if (intent.getComponent() == null) {
      ResolveInfo found = packages.resolveActivity(intent, PackageManager.MATCH_DEFAULT_ONLY);
      if (found == null || found.activityInfo == null) {
        return null;
      }
      intent.setClassName(found.activityInfo.packageName, found.activityInfo.name);
      return found.activityInfo;
    }
    try {
      return packages.getActivityInfo(intent.getComponent(), 0);
    } catch (PackageManager.NameNotFoundException absent) {
      return null;
    }
  }

  private void launch(Intent intent, ActivityInfo info, Activity caller, String who, int code) {
    int flags = intent.getFlags();
    if ((flags & Intent.FLAG_ACTIVITY_CLEAR_TASK) != 0
        && (flags & Intent.FLAG_ACTIVITY_NEW_TASK) != 0) {
      finishAll();
    }
    ActivityRecord existing = reusable(info, flags);
    front = true;
    if (existing != null) {
      finishAbove(existing);
      existing.pause();
      existing.newIntent(intent);
      settle();
      return;
    }
    ActivityRecord previous = topRecord();
    if (previous != null) {
      previous.pause();
    }
    ActivityRecord created = new ActivityRecord(intent, info, caller, who, code);
    records.add(created);
    created.create();
    if (!created.activity().isFinishing()) {
      created.resume();
    }
    settle();
  }

  /** The record that takes the intent instead of a new instance, by launch mode and flags. */
  private ActivityRecord reusable(ActivityInfo info, int flags) {
    boolean clearTop = (flags & Intent.FLAG_ACTIVITY_CLEAR_TOP) != 0;
    boolean singleTop =
        info.launchMode == ActivityInfo.LAUNCH_SINGLE_TOP
            || (flags & Intent.FLAG_ACTIVITY_SINGLE_TOP) != 0;
    boolean singleTask =
        info.launchMode == ActivityInfo.LAUNCH_SINGLE_TASK
            || info.launchMode == ActivityInfo.LAUNCH_SINGLE_INSTANCE;
    for (int i = records.size() - 1; i >= 0; i--) {
      ActivityRecord record = records.get(i);
      if (!record.isOf(info.name) || record.activity().isFinishing()) {
        continue;
      }
      boolean top = i == records.size() - 1;
      if (singleTask || (singleTop && (top || clearTop))) {
        return record;
      }
      if (clearTop) {
        finishAbove(record);
        record.activity().finish();
        return null;
      }
    }
    return null;
  }

  private void finishAbove(ActivityRecord record) {
    for (int i = records.size() - 1; records.get(i) != record; i--) {
      records.get(i).activity().finish();
    }
  }

  public void finishAll() {
    for (ActivityRecord record : records) {
      record.activity().finish();
    }
  }

  /** BACK at the end of its way: a launcher root goes to the background, others are finished. */
  public void backFrom(Activity activity) {
    ActivityRecord root = records.isEmpty() ? null : records.get(0);
    if (root != null && root.activity() == activity && root.isLauncherRoot()) {
      new Handler(Looper.getMainLooper()).post(this::home);
    } else {
      activity.finish();
    }
  }

  public boolean isRoot(Activity activity) {
    return !records.isEmpty() && records.get(0).activity() == activity;
  }

  /** Brings the task into the state that follows from what is finished; cheap when nothing is. */
  void settle() {
    List<ActivityRecord> finished = new ArrayList<>();
    for (int i = records.size() - 1; i >= 0; i--) {
      ActivityRecord record = records.get(i);
      if (record.activity().isFinishing()) {
        record.pause();
        records.remove(i);
        finished.add(record);
        record.deliverResult(records);
      }
    }
    if (records.isEmpty()) {
      front = false;
    } else if (front) {
      showVisible();
    }
    for (ActivityRecord record : finished) {
      record.destroy();
    }
  }

  /** Resumes the top, starts what shines through it, stops the rest. */
  private void showVisible() {
    int lowest = records.size() - 1;
    while (lowest > 0 && records.get(lowest).isTranslucent()) {
      lowest--;
    }
    for (int i = lowest; i < records.size() - 1; i++) {
      records.get(i).start();
    }
    topRecord().resume();
    for (int i = lowest - 1; i >= 0; i--) {
      records.get(i).stop();
    }
  }

  /** HOME: the user leaves, everything stops, the process stays. */
  public void home() {
    if (!front || records.isEmpty()) {
      return;
    }
    front = false;
    topRecord().userLeaving();
    topRecord().pause();
    for (int i = records.size() - 1; i >= 0; i--) {
      records.get(i).stop();
    }
    Windows.settle();
    int level = ComponentCallbacks2.TRIM_MEMORY_UI_HIDDEN;
    RuntimeEnvironment.getApplication().onTrimMemory(level);
    for (ActivityRecord record : records) {
      record.activity().onTrimMemory(level);
    }
  }

  private void toFront() {
    front = true;
    settle();
  }

  boolean isFront() {
    return front;
  }

  boolean isEmpty() {
    return records.isEmpty();
  }

  Activity top() {
    return records.isEmpty() ? null : topRecord().activity();
  }

  /** The activity that owns `token`, if it is on the screen. */
  Activity visibleOwner(android.os.IBinder token) {
    for (ActivityRecord record : records) {
      if (record.hasToken(token)) {
        return front && !record.isStopped() ? record.activity() : null;
      }
    }
    return null;
  }

  /** Position in the task, 0 is the root; -1 for a stranger. */
  int indexOf(Activity activity) {
    for (int i = 0; i < records.size(); i++) {
      if (records.get(i).activity() == activity) {
        return i;
      }
    }
    return -1;
  }

  private ActivityRecord topRecord() {
    return records.isEmpty() ? null : records.get(records.size() - 1);
  }

  void forget() {
    records.clear();
    front = false;
  }
}
