package org.leakharness.host.link;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One command with its arguments. Getters throw {@link Refusal} `bad_argument` by name. */
public final class Request {
  public final long id;
  public final String command;
  public final long timeoutMs;
  private final Map<String, Object> arguments;

  Request(Map<String, Object> header) {
    this.id = ((Number) header.get("id")).longValue();
    this.command = String.valueOf(header.get("command"));
    Object timeout = header.get("timeout_ms");
    this.timeoutMs = timeout instanceof Number ? ((Number) timeout).longValue() : 30_000;
    Object given = header.get("arguments");
    this.arguments = given instanceof Map ? Json.asMap(given) : Json.object();
  }

  public String text(String name) {
    return get(name, String.class);
  }

  public boolean flag(String name) {
    return get(name, Boolean.class);
  }

  public long number(String name) {
    return get(name, Number.class).longValue();
  }

  public float decimal(String name) {
    return get(name, Number.class).floatValue();
  }

  public Map<String, Object> map(String name) {
    return Json.asMap(get(name, Map.class));
  }

  public List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    for (Object item : Json.asList(get(name, List.class))) {
      texts.add(String.valueOf(item));
    }
    return texts;
  }

  public List<Integer> numbers(String name) {
    List<Integer> numbers = new ArrayList<>();
    for (Object item : Json.asList(get(name, List.class))) {
      if (!(item instanceof Number)) {
        throw new Refusal("bad_argument", command + ": " + name + " must hold numbers");
      }
      numbers.add(((Number) item).intValue());
    }
    return numbers;
  }

  private <T> T get(String name, Class<T> type) {
    Object value = arguments.get(name);
    if (!type.isInstance(value)) {
      throw new Refusal(
          "bad_argument",
          command + ": " + name + " must be a " + type.getSimpleName() + ", not " + value);
    }
    return type.cast(value);
  }
}
