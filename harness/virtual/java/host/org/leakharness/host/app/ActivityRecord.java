package org.leakharness.host.app;

import android.app.Activity;
import android.content.Intent;
import android.content.pm.ActivityInfo;
import android.content.res.TypedArray;
import android.os.Bundle;
import android.os.Handler;
import android.os.IBinder;
import android.os.Looper;
import android.os.SystemClock;
import android.view.Choreographer;
import android.view.View;
import android.view.WindowManager;
import java.util.ArrayList;
import java.util.List;
import org.robolectric.Robolectric;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.android.controller.ActivityController;
import org.robolectric.shadow.api.Shadow;
import org.robolectric.shadows.ShadowActivity;
import org.robolectric.util.ReflectionHelpers;

/** One activity of the task with its state; each step does nothing when it is already taken. */
final class ActivityRecord {
  private enum State {
    CREATED,
    STARTED,
    RESUMED,
    PAUSED,
    STOPPED,
    DESTROYED
  }

  private static final class Result {
    final String who;
    final int requestCode;
    final int resultCode;
    final Intent data;

    Result(String who, int requestCode, int resultCode, Intent data) {
      this.who = who;
      this.requestCode = requestCode;
      this.resultCode = resultCode;
      this.data = data;
    }
  }

  final Intent intent;
  private final ActivityController<? extends Activity> controller;
  private final Activity caller;
  private final String who;
  private final int requestCode;
  private final List<Result> results = new ArrayList<>();
  private final long launchedMs = SystemClock.uptimeMillis();
  private boolean displayed;
  private State state;

  ActivityRecord(Intent intent, ActivityInfo info, Activity caller, String who, int requestCode) {
    this.intent = intent;
    this.caller = caller;
    this.who = who;
    this.requestCode = requestCode;
    String className = info.targetActivity != null ? info.targetActivity : info.name;
    Class<? extends Activity> activityClass;
    try {
      activityClass =
          RuntimeEnvironment.getApplication()
              .getClassLoader()
              .loadClass(className)
              .asSubclass(Activity.class);
    } catch (ClassNotFoundException absent) {
      throw new RuntimeException(
          "Unable to instantiate activity ComponentInfo{" + info.packageName + "/" + className
              + "}: " + absent,
          absent);
    }
    controller = Robolectric.buildActivity(activityClass, intent, (Bundle) null);
    if (caller != null && requestCode >= 0) {
      ShadowActivity shadow = Shadow.extract(controller.get());
      shadow.setCallingActivity(caller.getComponentName());
    }
  }

  Activity activity() {
    return controller.get();
  }

  boolean isOf(String className) {
    return activity().getClass().getName().equals(className);
  }

  boolean isStopped() {
    return state == State.STOPPED || state == State.DESTROYED;
  }

  boolean isLauncherRoot() {
    return Intent.ACTION_MAIN.equals(intent.getAction())
        && intent.hasCategory(Intent.CATEGORY_LAUNCHER);
  }

  boolean hasToken(IBinder token) {
    return token != null && token == activity().getActivityToken();
  }

  boolean isTranslucent() {
    TypedArray window =
        activity().getTheme().obtainStyledAttributes(com.android.internal.R.styleable.Window);
    try {
      return ActivityInfo.isTranslucentOrFloating(window);
    } finally {
      window.recycle();
    }
  }

  void create() {
    controller.create(null);
    state = State.CREATED;
  }

  /** From created or stopped to started; its windows become visible. */
  void start() {
    if (state == State.CREATED) {
      controller.start().postCreate(null);
    } else if (state == State.STOPPED) {
      controller.restart();
    } else {
      return;
    }
    state = State.STARTED;
    makeVisible();
  }

  void resume() {
    if (state == State.RESUMED || state == State.DESTROYED) {
      return;
    }
    if (state == State.CREATED) {
      controller.start().postCreate(null);
    } else if (state == State.STOPPED) {
      controller.restart();
    }
    ShadowActivity shadow = Shadow.extract(activity());
    for (Result result : results) {
      shadow.internalCallDispatchActivityResult(
          result.who, result.requestCode, result.resultCode, result.data);
    }
    results.clear();
    state = State.RESUMED;
    controller.resume();
    if (!activity().isFinishing()) {
      makeVisible();
      controller.topActivityResumed(true);
      reportFirstFrame();
    }
  }

  /** Once, when the first frame after the first resume is drawn: what logcat calls "Displayed". */
  private void reportFirstFrame() {
    if (displayed) {
      return;
    }
    displayed = true;
    Handler handler = new Handler(Looper.getMainLooper());
    Choreographer.getInstance()
        .postFrameCallback(
            time ->
                handler.post(
                    () -> {
                      if (state == State.RESUMED) {
                        long tookMs = SystemClock.uptimeMillis() - launchedMs;
                        HostInstrumentation.report(activity(), "resumed", tookMs);
                      }
                    }));
  }

  /** As ActivityThread.handleResumeActivity: the decor view becomes a window, or is shown again. */
  private void makeVisible() {
    View decor = activity().getWindow().getDecorView();
    activity().getWindow().getAttributes().type =
        WindowManager.LayoutParams.TYPE_BASE_APPLICATION;
    ReflectionHelpers.setField(Activity.class, activity(), "mDecor", decor);
    ReflectionHelpers.callInstanceMethod(Activity.class, activity(), "makeVisible");
  }

  void newIntent(Intent fresh) {
    if (state == State.STOPPED) {
      controller.restart();
      state = State.STARTED;
    }
    controller.newIntent(fresh);
  }

  void userLeaving() {
    if (state == State.RESUMED) {
      controller.userLeaving();
    }
  }

  void pause() {
    if (state != State.RESUMED) {
      return;
    }
    controller.topActivityResumed(false).pause();
    state = State.PAUSED;
  }

  void stop() {
    if (state == State.STOPPED || state == State.DESTROYED || state == State.CREATED) {
      return;
    }
    controller.saveInstanceState(new Bundle());
    controller.stop();
    state = State.STOPPED;
    activity().getWindow().getDecorView().setVisibility(View.INVISIBLE);
  }

  void destroy() {
    if (state == State.DESTROYED) {
      return;
    }
    if (state != State.STOPPED && state != State.CREATED) {
      controller.stop();
    }
    controller.destroy();
    state = State.DESTROYED;
  }

  /** Hands what this activity has set as its result to the caller's record. */
  void deliverResult(List<ActivityRecord> records) {
    if (caller == null || requestCode < 0) {
      return;
    }
    ShadowActivity shadow = Shadow.extract(activity());
    for (ActivityRecord record : records) {
      if (record.activity() == caller) {
        record.results.add(
            new Result(who, requestCode, shadow.getResultCode(), shadow.getResultIntent()));
      }
    }
  }
}
