package org.leakharness.host.app;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.robolectric.annotation.Config;
import org.robolectric.annotation.ConscryptMode;
import org.robolectric.annotation.GraphicsMode;
import org.robolectric.annotation.LooperMode;
import org.robolectric.annotation.SQLiteMode;
import org.robolectric.annotation.experimental.LazyApplication.LazyLoad;
import org.robolectric.pluginapi.config.ConfigurationStrategy.Configuration;

/** Robolectric's modes, all of them the real thing, and the device's resource qualifiers. */
final class Settings implements Configuration {
  private final Map<Class<?>, Object> values = new HashMap<>();

  Settings(String qualifiers) {
    values.put(Config.class, new Config.Builder().setQualifiers(qualifiers).build());
    values.put(LooperMode.Mode.class, LooperMode.Mode.PAUSED);
    values.put(GraphicsMode.Mode.class, GraphicsMode.Mode.NATIVE);
    values.put(SQLiteMode.Mode.class, SQLiteMode.Mode.NATIVE);
    values.put(ConscryptMode.Mode.class, ConscryptMode.Mode.ON);
    values.put(LazyLoad.class, LazyLoad.ON);
  }

  @Override
  public <T> T get(Class<T> configClass) {
    return configClass.cast(values.get(configClass));
  }

  @Override
  public Collection<Class<?>> keySet() {
    return values.keySet();
  }

  @Override
  public Map<Class<?>, Object> map() {
    return values;
  }
}
