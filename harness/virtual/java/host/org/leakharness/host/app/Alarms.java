package org.leakharness.host.app;

import android.app.AlarmManager;
import android.app.IAlarmCompleteListener;
import android.app.IAlarmListener;
import android.app.IAlarmManager;
import android.app.PendingIntent;
import android.content.Context;
import android.content.pm.PackageManager;
import android.os.Build;
import android.os.Handler;
import android.os.IBinder;
import android.os.Looper;
import android.os.RemoteException;
import android.os.SystemClock;
import android.os.WorkSource;
import android.util.Log;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.robolectric.RuntimeEnvironment;

/**
 * The alarm service behind the framework's own AlarmManager: alarms ring in real time, at the start
 * of their window, and end with the process.
 */
public final class Alarms extends IAlarmManager.Stub {
  private static final Alarms ONLY = new Alarms();

  private final Handler main = new Handler(Looper.getMainLooper());
  private final List<Alarm> alarms = new ArrayList<>();

  private final class Alarm implements Runnable {
    final PendingIntent operation;
    final IAlarmListener listener;
    final AlarmManager.AlarmClockInfo clock;
    final long intervalMs;

    Alarm(
        PendingIntent operation, IAlarmListener listener, AlarmManager.AlarmClockInfo clock,
        long intervalMs) {
      this.operation = operation;
      this.listener = listener;
      this.clock = clock;
      this.intervalMs = intervalMs;
    }

    boolean isFor(PendingIntent otherOperation, IAlarmListener otherListener) {
      IBinder mine = listener == null ? null : listener.asBinder();
      IBinder other = otherListener == null ? null : otherListener.asBinder();
      return operation != null ? operation.equals(otherOperation) : Objects.equals(mine, other);
    }

    @Override
    public void run() {
      if (intervalMs > 0) {
        main.postDelayed(this, intervalMs);
      } else {
        forget(this);
      }
      try {
        if (operation != null) {
          operation.send();
        } else {
          listener.doAlarm(new Completed());
        }
      } catch (PendingIntent.CanceledException gone) {
        forget(this);
        main.removeCallbacks(this);
      } catch (RemoteException dead) {
        Log.w("AlarmManager", "Failure sending alarm", dead);
      }
    }
  }

  private static final class Completed extends IAlarmCompleteListener.Stub {
    @Override
    public void alarmComplete(IBinder who) {}
  }

  private Alarms() {}

  public static Alarms get() {
    return ONLY;
  }

  private synchronized void forget(Alarm alarm) {
    alarms.remove(alarm);
  }

  @Override
  public synchronized void set(
      String caller, int type, long triggerAtMs, long windowMs, long intervalMs, int flags,
      PendingIntent operation, IAlarmListener listener, String tag, WorkSource source,
      AlarmManager.AlarmClockInfo clock) {
    boolean exact = windowMs == AlarmManager.WINDOW_EXACT;
    if (exact && operation != null && !canScheduleExactAlarms(caller)) {
      throw new SecurityException(
          "Caller " + caller + " needs to hold android.permission.SCHEDULE_EXACT_ALARM or"
              + " android.permission.USE_EXACT_ALARM to set exact alarms.");
    }
    remove(operation, listener);
    boolean wallClock = type == AlarmManager.RTC || type == AlarmManager.RTC_WAKEUP;
    long nowMs = wallClock ? System.currentTimeMillis() : SystemClock.elapsedRealtime();
    Alarm alarm = new Alarm(operation, listener, clock, intervalMs);
    alarms.add(alarm);
    main.postDelayed(alarm, Math.max(0, triggerAtMs - nowMs));
  }

  @Override
  public synchronized void remove(PendingIntent operation, IAlarmListener listener) {
    for (Alarm alarm : alarms.toArray(new Alarm[0])) {
      if (alarm.isFor(operation, listener)) {
        forget(alarm);
        main.removeCallbacks(alarm);
      }
    }
  }

  @Override
  public synchronized void removeAll(String caller) {
    for (Alarm alarm : alarms) {
      main.removeCallbacks(alarm);
    }
    alarms.clear();
  }

  @Override
  public synchronized AlarmManager.AlarmClockInfo getNextAlarmClock(int user) {
    AlarmManager.AlarmClockInfo next = null;
    for (Alarm alarm : alarms) {
      boolean sooner =
          next == null
              || (alarm.clock != null && alarm.clock.getTriggerTime() < next.getTriggerTime());
      next = sooner ? alarm.clock : next;
    }
    return next;
  }

  @Override
  public boolean canScheduleExactAlarms(String caller) {
    Context context = RuntimeEnvironment.getApplication();
    return context.getApplicationInfo().targetSdkVersion < Build.VERSION_CODES.S
        || holds(context, android.Manifest.permission.SCHEDULE_EXACT_ALARM)
        || holds(context, android.Manifest.permission.USE_EXACT_ALARM);
  }

  private static boolean holds(Context context, String permission) {
    return context.checkSelfPermission(permission) == PackageManager.PERMISSION_GRANTED;
  }

  @Override
  public boolean hasScheduleExactAlarm(String caller, int user) {
    return canScheduleExactAlarms(caller);
  }

  @Override
  public boolean setTime(long millis) {
    return false;
  }

  @Override
  public void setTimeZone(String zone) {
    throw new SecurityException("requires android.permission.SET_TIME_ZONE");
  }

  @Override
  public long getNextWakeFromIdleTime() {
    return Long.MAX_VALUE;
  }

  @Override
  public int getConfigVersion() {
    return 0;
  }
}
