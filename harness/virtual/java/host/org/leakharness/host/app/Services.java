package org.leakharness.host.app;

import android.app.Service;
import android.content.ComponentName;
import android.content.Context;
import android.content.Intent;
import android.content.ServiceConnection;
import android.content.pm.PackageManager;
import android.content.pm.ResolveInfo;
import android.content.pm.ServiceInfo;
import android.os.Handler;
import android.os.Looper;
import android.util.Log;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import org.leakharness.host.link.Json;
import org.robolectric.RuntimeEnvironment;

/**
 * The app's services, started and bound, in the order of callbacks of Android's ActiveServices.
 *
 * <p>Requests come from any thread; callbacks run on the main thread, later. Other packages have no
 * services here, and neither has a process of its own (`android:process`): both are "not found".
 */
public final class Services {
  private static final Services ONLY = new Services();

  private final Map<ComponentName, ServiceRecord> running = new LinkedHashMap<>();
  private final Set<ServiceConnection> clients = new HashSet<>();

  private Services() {}

  public static Services get() {
    return ONLY;
  }

  private static Handler main() {
    return new Handler(Looper.getMainLooper());
  }

  /** `startService`: the component, or null when there is none. */
  public ComponentName start(Intent intent) {
    Intent copy = new Intent(intent);
    ServiceInfo info = resolve(copy);
    if (info == null) {
      return null;
    }
    main().post(() -> ensure(info).start(copy));
    return copy.getComponent();
  }

  /** `stopService`: whether it ran. */
  public boolean stop(Intent intent) {
    ServiceInfo info = resolve(new Intent(intent));
    ComponentName name = info == null ? null : new ComponentName(info.packageName, info.name);
    synchronized (running) {
      if (!running.containsKey(name)) {
        return false;
      }
    }
    main().post(() -> stopped(name, -1));
    return true;
  }

  /** `stopSelf`; negative: whatever was started last. */
  public boolean stopSelf(Service service, int startId) {
    ServiceRecord record = recordOf(service);
    if (record == null) {
      return false;
    }
    main().post(() -> stopped(record.name, startId));
    return true;
  }

  private void stopped(ComponentName name, int startId) {
    ServiceRecord record = find(name);
    if (record != null && record.stopped(startId)) {
      sweep(record);
    }
  }

  /** `bindService`: false when there is none; a null executor means the main thread. */
  public boolean bind(Intent intent, ServiceConnection client, int flags, Executor executor) {
    Intent copy = new Intent(intent);
    ServiceInfo info = resolve(copy);
    if (info == null) {
      return false;
    }
    synchronized (clients) {
      clients.add(client);
    }
    Handler main = main();
    Executor callbacks = executor == null ? main::post : executor;
    boolean create = (flags & Context.BIND_AUTO_CREATE) != 0;
    main.post(
        () -> {
          ServiceRecord record =
              create ? ensure(info) : find(new ComponentName(info.packageName, info.name));
          if (record != null && isBound(client)) {
            record.bind(copy, client, callbacks);
          }
        });
    return true;
  }

  private boolean isBound(ServiceConnection client) {
    synchronized (clients) {
      return clients.contains(client);
    }
  }

  /** `unbindService`. Throws as Android does for a client that is not bound. */
  public void unbind(ServiceConnection client) {
    synchronized (clients) {
      if (!clients.remove(client)) {
        throw new IllegalArgumentException("Service not registered: " + client);
      }
    }
    main()
        .post(
            () -> {
              for (ServiceRecord record : all()) {
                if (record.unbind(client)) {
                  sweep(record);
                }
              }
            });
  }

  /** Runs, made when it does not; on the main thread. */
  ServiceRecord ensure(ServiceInfo info) {
    ComponentName name = new ComponentName(info.packageName, info.name);
    ServiceRecord record = find(name);
    if (record == null) {
      record = new ServiceRecord(info);
      synchronized (running) {
        running.put(name, record);
      }
      record.create();
    }
    return record;
  }

  /** Destroys what nobody wants any more. */
  void sweep(ServiceRecord record) {
    if (!record.isWanted()) {
      synchronized (running) {
        running.remove(record.name);
      }
      record.destroy();
    }
  }

  private ServiceRecord find(ComponentName name) {
    synchronized (running) {
      return running.get(name);
    }
  }

  private List<ServiceRecord> all() {
    synchronized (running) {
      return new ArrayList<>(running.values());
    }
  }

  private ServiceRecord recordOf(Service service) {
    for (ServiceRecord record : all()) {
      if (record.service == service) {
        return record;
      }
    }
    return null;
  }

  /** For `dumpsys activity services`. */
  List<Object> describe() {
    List<Object> found = new ArrayList<>();
    for (ServiceRecord record : all()) {
      found.add(
          Json.object("component", record.name.flattenToString(), "started", record.isStarted()));
    }
    return found;
  }

  /** The service that an intent means; puts its component into the intent. */
  static ServiceInfo resolve(Intent intent) {
    PackageManager packages = RuntimeEnvironment.getApplication().getPackageManager();
    ServiceInfo info = null;
    if (intent.getComponent() == null) {
      ResolveInfo found = packages.resolveService(intent, 0);
      info = found == null ? null : found.serviceInfo;
    } else {
      try {
        info = packages.getServiceInfo(intent.getComponent(), 0);
      } catch (PackageManager.NameNotFoundException absent) {
        Log.w("ActivityManager", "Unable to start service " + intent + " U=0: not found");
      }
    }
    if (info == null || !info.packageName.equals(BoundApp.packageName())) {
      return null;
    }
    if (info.processName != null && !info.processName.equals(info.packageName)) {
      Log.e("ActivityManager", "Process " + info.processName + " is not supported on this device");
      return null;
    }
    intent.setClassName(info.packageName, info.name);
    return info;
  }
}
