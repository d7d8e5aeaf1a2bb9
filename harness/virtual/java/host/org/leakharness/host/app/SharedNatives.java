package org.leakharness.host.app;

import android.text.Hyphenator;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Locale;
import javax.annotation.Priority;
import org.robolectric.nativeruntime.DefaultNativeRuntimeLoader;

/**
 * Loads Robolectric's native graphics from a folder that all processes share.
 *
 * <p>Robolectric unpacks 200 MB for each process, which costs a second and as much memory where the
 * temporary folder is in memory. Found by Robolectric as a service; the steps are those of its own
 * loader for Android 14.
 */
@Priority(1)
public final class SharedNatives extends DefaultNativeRuntimeLoader {
  @Override
  public synchronized void ensureLoaded() {
    if (!loaded.compareAndSet(false, true)) {
      return;
    }
    Path folder = Paths.get(System.getProperty("leakharness.natives"));
    System.setProperty("robolectric.nativeruntime.fontdir", folder.resolve("fonts") + "/");
    System.setProperty("icu.data.path", folder.resolve("icu/icudt68l.dat").toString());
    System.setProperty("icu.locale.default", Locale.getDefault().toLanguageTag());
    System.load(folder.resolve("native/linux/x86_64/librobolectric-nativeruntime.so").toString());
    System.setProperty("hyphen.data.dir", folder.resolve("hyphen-data").toString());
    Hyphenator.init();
  }
}
