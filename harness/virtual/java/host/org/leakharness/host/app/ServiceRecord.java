package org.leakharness.host.app;

import android.app.Application;
import android.app.Service;
import android.content.ComponentName;
import android.content.Intent;
import android.content.ServiceConnection;
import android.content.pm.ServiceInfo;
import android.os.IBinder;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.util.ReflectionHelpers;
import org.robolectric.util.ReflectionHelpers.ClassParameter;

/** One service that runs: who has started it and who is bound to it. On the main thread. */
final class ServiceRecord {
  /** All clients that bound with one intent share one binder. */
  private static final class Binding {
    final Intent intent;
    final IBinder binder;
    final Set<ServiceConnection> clients = new LinkedHashSet<>();

    Binding(Intent intent, IBinder binder) {
      this.intent = intent;
      this.binder = binder;
    }
  }

  final ComponentName name;
  final Service service;
  private final Map<Intent.FilterComparison, Binding> bindings = new LinkedHashMap<>();
  private int lastStartId;
  private boolean started;

  ServiceRecord(ServiceInfo info) {
    name = new ComponentName(info.packageName, info.name);
    Application application = RuntimeEnvironment.getApplication();
    try {
      Class<?> serviceClass = application.getClassLoader().loadClass(info.name);
      service = (Service) serviceClass.getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException failure) {
      throw new RuntimeException(
          "Unable to instantiate service " + info.name + ": " + failure, failure);
    }
    ReflectionHelpers.callInstanceMethod(
        Service.class,
        service,
        "attach",
        ClassParameter.from(android.content.Context.class, application.getBaseContext()),
        ClassParameter.from(android.app.ActivityThread.class, null),
        ClassParameter.from(String.class, info.name),
        ClassParameter.from(IBinder.class, null),
        ClassParameter.from(Application.class, application),
        ClassParameter.from(Object.class, null));
  }

  void create() {
    service.onCreate();
  }

  void start(Intent intent) {
    started = true;
    lastStartId++;
    service.onStartCommand(intent, 0, lastStartId);
  }

  /** What `stopSelf(id)` asks for: only the last start counts; negative: in any case. */
  boolean stopped(int startId) {
    if (startId >= 0 && startId != lastStartId) {
      return false;
    }
    started = false;
    return true;
  }

  /** The binder of this intent, made by `onBind` the first time. */
  IBinder bind(Intent intent) {
    Intent.FilterComparison key = new Intent.FilterComparison(intent);
    Binding binding = bindings.get(key);
    if (binding == null) {
      binding = new Binding(intent, service.onBind(intent));
      bindings.put(key, binding);
    }
    return binding.binder;
  }

  void bind(Intent intent, ServiceConnection client, Executor executor) {
    IBinder binder = bind(intent);
    bindings.get(new Intent.FilterComparison(intent)).clients.add(client);
    executor.execute(
        () -> {
          if (binder == null) {
            client.onNullBinding(name);
          } else {
            client.onServiceConnected(name, binder);
          }
        });
  }

  /** True when the client was bound to this service. */
  boolean unbind(ServiceConnection client) {
    for (Map.Entry<Intent.FilterComparison, Binding> entry : bindings.entrySet()) {
      Binding binding = entry.getValue();
      if (binding.clients.remove(client)) {
        if (binding.clients.isEmpty()) {
          bindings.remove(entry.getKey());
          service.onUnbind(binding.intent);
        }
        return true;
      }
    }
    return false;
  }

  /** The system lets go of a binding without a client, as the job scheduler's. */
  void release(Intent intent) {
    Binding binding = bindings.get(new Intent.FilterComparison(intent));
    if (binding != null && binding.clients.isEmpty()) {
      bindings.remove(new Intent.FilterComparison(intent));
      service.onUnbind(intent);
    }
  }

  boolean isWanted() {
    return started || !bindings.isEmpty();
  }

  boolean isStarted() {
    return started;
  }

  void destroy() {
    service.onDestroy();
  }
}
