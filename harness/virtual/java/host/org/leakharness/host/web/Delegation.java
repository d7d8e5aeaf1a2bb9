package org.leakharness.host.web;

import android.util.Log;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Android's wide interfaces, put together from objects that each do a part: a call goes to the first
 * that has a public method of that name and those parameters.
 *
 * <p>What none of them has does nothing, answers with its type's zero, and is told to the log once.
 */
final class Delegation implements InvocationHandler {
  private static final String LOG_TAG = "WebViewFactory";

  private static final class Call {
    final Object target;
    final Method method;

    Call(Object target, Method method) {
      this.target = target;
      this.method = method;
    }
  }

  private final Class<?> type;
  private final Map<Method, Call> calls = new HashMap<>();
  private final Set<Method> told = ConcurrentHashMap.newKeySet();

  private Delegation(Class<?> type) {
    this.type = type;
  }

  static <T> T of(Class<T> type, Object... parts) {
    Delegation made = new Delegation(type);
    for (Method wanted : type.getMethods()) {
      Call call = find(wanted, parts);
      if (call != null) {
        made.calls.put(wanted, call);
      }
    }
    Object proxy = Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, made);
    return type.cast(proxy);
  }

  private static Call find(Method wanted, Object... parts) {
    for (Object part : parts) {
      try {
        Method method = part.getClass().getMethod(wanted.getName(), wanted.getParameterTypes());
        if (method.getDeclaringClass() != Object.class) {
          method.setAccessible(true);
          return new Call(part, method);
        }
      } catch (NoSuchMethodException elsewhere) {
        continue;
      }
    }
    return null;
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
    if (method.getDeclaringClass() == Object.class) {
      switch (method.getName()) {
        case "equals":
          return proxy == arguments[0];
        case "hashCode":
          return System.identityHashCode(proxy);
        default:
          return type.getSimpleName();
      }
    }
    Call call = calls.get(method);
    if (call == null) {
      if (!method.isDefault() && told.add(method)) {
        Log.i(LOG_TAG, "not on this device: " + type.getSimpleName() + "." + method.getName()
            + Arrays.toString(method.getParameterTypes()));
      }
      return zero(method.getReturnType());
    }
    try {
      return call.method.invoke(call.target, arguments);
    } catch (InvocationTargetException failure) {
      throw failure.getCause();
    }
  }

  private static Object zero(Class<?> type) {
    if (type == boolean.class) {
      return false;
    }
    if (type == int.class) {
      return 0;
    }
    if (type == long.class) {
      return 0L;
    }
    return type == float.class ? (Object) 0f : null;
  }
}
