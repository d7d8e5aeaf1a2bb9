package org.leakharness.host.app;

import android.app.Activity;
import android.app.Application;
import android.content.Context;
import android.content.Intent;
import android.os.Bundle;
import android.os.IBinder;
import android.os.UserHandle;
import org.leakharness.host.link.Link;
import org.robolectric.android.internal.RoboMonitoringInstrumentation;

/** Where the framework asks the system for activities, and where it reports their life. */
public final class HostInstrumentation extends RoboMonitoringInstrumentation {
  @Override
  public void callApplicationOnCreate(Application application) {
    BoundApp.beforeOnCreate(application);
    super.callApplicationOnCreate(application);
  }

  @Override
  public ActivityResult execStartActivity(
      Context who, IBinder thread, IBinder token, Activity target, Intent intent, int requestCode,
      Bundle options) {
    ActivityStack.get().request(intent, target, null, requestCode);
    return null;
  }

  @Override
  public ActivityResult execStartActivity(
      Context who, IBinder thread, IBinder token, String target, Intent intent, int requestCode,
      Bundle options) {
    Activity caller = who instanceof Activity ? (Activity) who : null;
    ActivityStack.get().request(intent, caller, target, requestCode);
    return null;
  }

  @Override
  public ActivityResult execStartActivity(
      Context who, IBinder thread, IBinder token, String target, Intent intent, int requestCode,
      Bundle options, UserHandle user) {
    return execStartActivity(who, thread, token, target, intent, requestCode, options);
  }

  @Override
  public void callActivityOnCreate(Activity activity, Bundle state) {
    super.callActivityOnCreate(activity, state);
    report(activity, "created");
  }

  @Override
  public void callActivityOnStart(Activity activity) {
    super.callActivityOnStart(activity);
    report(activity, "started");
  }

  @Override
  public void callActivityOnResume(Activity activity) {
    super.callActivityOnResume(activity);
    report(activity, "resumed");
  }

  @Override
  public void callActivityOnPause(Activity activity) {
    super.callActivityOnPause(activity);
    report(activity, "paused");
  }

  @Override
  public void callActivityOnStop(Activity activity) {
    super.callActivityOnStop(activity);
    report(activity, "stopped");
  }

  @Override
  public void callActivityOnDestroy(Activity activity) {
    super.callActivityOnDestroy(activity);
    report(activity, "destroyed");
  }

  private static void report(Activity activity, String state) {
    report(activity, state, null);
  }

  /** `displayMs` only with the first frame of an activity. */
  static void report(Activity activity, String state, Long displayMs) {
    if (BoundApp.isBound()) {
      Link.channel.event(
          "event", "activity",
          "component", activity.getComponentName().flattenToString(),
          "state", state,
          "display_ms", displayMs);
    }
  }
}
