package org.leakharness.host.web;

import android.util.Log;
import android.webkit.JavascriptInterface;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.leakharness.host.link.Json;

/**
 * `addJavascriptInterface`: objects of the app that scripts call, and that answer at once.
 *
 * <p>A call is a `prompt()` whose text begins with a secret, the only thing for which a page waits.
 * Methods run on a thread "JavaBridge"; only those with `@JavascriptInterface` can be called. An
 * object is there from the next document on, as on a phone.
 */
public final class JavaBridge {
  private static final ExecutorService THREAD =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "JavaBridge");
            thread.setDaemon(true);
            return thread;
          });

  private final Page page;
  private final String secret = UUID.randomUUID().toString();
  private final Map<String, Object> objects = new ConcurrentHashMap<>();

  JavaBridge(Page page) {
    this.page = page;
    String peers = Resources.text("peers.js").replace("\"SECRET\"", Json.write(secret));
    page.scripts.set("peers", "", peers);
  }

  public void addJavascriptInterface(Object object, String name) {
    if (object == null) {
      return;
    }
    objects.put(name, object);
    publish();
  }

  public void removeJavascriptInterface(String name) {
    objects.remove(name);
    publish();
  }

  private void publish() {
    Map<String, Object> described = new LinkedHashMap<>();
    for (Map.Entry<String, Object> entry : objects.entrySet()) {
      described.put(entry.getKey(), new java.util.ArrayList<Object>(methods(entry.getValue())));
    }
    String script =
        described.isEmpty()
            ? null
            : Resources.text("bridge.js")
                .replace("\"SECRET\"", Json.write(secret))
                .replace("{}/*OBJECTS*/", Json.write(described));
    page.scripts.set("bridge", "", script);
  }

  private static Set<String> methods(Object object) {
    Set<String> names = new LinkedHashSet<>();
    for (Method method : object.getClass().getMethods()) {
      if (method.isAnnotationPresent(JavascriptInterface.class)) {
        names.add(method.getName());
      }
    }
    return names;
  }

  boolean isCall(String prompt) {
    return prompt.startsWith(secret);
  }

  void call(String prompt, Consumer<String> answer) {
    THREAD.execute(
        () -> {
          Map<String, Object> result;
          try {
            Map<String, Object> call = Json.parseObject(prompt.substring(secret.length()));
            if (call.containsKey("attempt")) {
              // The page waits until the device has taken note, so that it cannot be too late.
              String target = Told.text(call, "attempt");
              Browser.tell("command", "attempt", "kind", "webrtc", "target", target);
              answer.accept("{}");
              return;
            }
            Object value =
                invoke(
                    objects.get(Told.text(call, "object")),
                    Told.text(call, "method"),
                    Told.list(call, "arguments"));
            result = Json.object("value", value);
          } catch (InvocationTargetException thrown) {
            Log.e("JavaBridge", "Java exception", thrown.getCause());
            result = Json.object("error", "Java exception was raised during method invocation");
          } catch (ReflectiveOperationException | RuntimeException wrong) {
            result = Json.object("error", "Method not found");
          }
          answer.accept(Json.write(result));
        });
  }

  private static Object invoke(Object target, String name, List<Object> arguments)
      throws ReflectiveOperationException {
    if (target == null) {
      throw new NoSuchMethodException(name);
    }
    for (Method method : target.getClass().getMethods()) {
      if (method.getName().equals(name)
          && method.getParameterCount() == arguments.size()
          && method.isAnnotationPresent(JavascriptInterface.class)) {
        Object[] converted = new Object[arguments.size()];
        for (int i = 0; i < converted.length; i++) {
          converted[i] = convert(arguments.get(i), method.getParameterTypes()[i]);
        }
        method.setAccessible(true);
        return simple(method.invoke(target, converted));
      }
    }
    throw new NoSuchMethodException(name);
  }

  /** As the Java Bridge of Chromium converts (`gin_java_script_to_java_types_coercion.cc`). */
  private static Object convert(Object value, Class<?> type) {
    if (type == String.class) {
      if (value instanceof Double && (Double) value == Math.rint((Double) value)) {
        return String.valueOf(((Double) value).longValue());
      }
      return value instanceof String || value instanceof Number || value instanceof Boolean
          ? String.valueOf(value)
          : null;
    }
    if (type == boolean.class) {
      return Boolean.TRUE.equals(value);
    }
    if (type.isPrimitive()) {
      return number(value instanceof Number ? (Number) value : 0, type);
    }
    if (type.isArray() && value instanceof List) {
      List<Object> items = Json.asList(value);
      Object array = Array.newInstance(type.getComponentType(), items.size());
      for (int i = 0; i < items.size(); i++) {
        Array.set(array, i, convert(items.get(i), type.getComponentType()));
      }
      return array;
    }
    return null;
  }

  private static Object number(Number value, Class<?> type) {
    if (type == int.class) {
      return value.intValue();
    }
    if (type == long.class) {
      return value.longValue();
    }
    if (type == double.class) {
      return value.doubleValue();
    }
    if (type == float.class) {
      return value.floatValue();
    }
    if (type == short.class) {
      return value.shortValue();
    }
    return type == byte.class ? (Object) value.byteValue() : (Object) (char) value.intValue();
  }

  private static Object simple(Object value) {
    boolean plain =
        value == null || value instanceof String || value instanceof Boolean
            || value instanceof Number;
    return plain ? value : value instanceof Character ? (Object) value.toString() : null;
  }
}
