package org.leakharness.host.app;

import android.os.Build;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.function.Consumer;
import org.leakharness.host.link.Request;
import org.robolectric.shadows.ShadowBuild;
import org.robolectric.shadows.ShadowSystemProperties;

/** The phone that apps believe to run on. */
final class Device {
  private static final Map<String, Consumer<String>> FIELDS = new LinkedHashMap<>();

  static {
    FIELDS.put("ro.product.manufacturer", ShadowBuild::setManufacturer);
    FIELDS.put("ro.product.brand", ShadowBuild::setBrand);
    FIELDS.put("ro.product.model", ShadowBuild::setModel);
    FIELDS.put("ro.product.name", ShadowBuild::setProduct);
    FIELDS.put("ro.product.device", ShadowBuild::setDevice);
    FIELDS.put("ro.product.board", ShadowBuild::setBoard);
    FIELDS.put("ro.hardware", ShadowBuild::setHardware);
    FIELDS.put("ro.serialno", ShadowBuild::setSerial);
    FIELDS.put("ro.build.id", ShadowBuild::setId);
    FIELDS.put("ro.build.type", ShadowBuild::setType);
    FIELDS.put("ro.build.tags", ShadowBuild::setTags);
    FIELDS.put("ro.build.fingerprint", ShadowBuild::setFingerprint);
    FIELDS.put("ro.build.version.incremental", ShadowBuild::setVersionIncremental);
    FIELDS.put("ro.build.version.security_patch", ShadowBuild::setVersionSecurityPatch);
  }

  private Device() {}

  /** Resource qualifiers in Android's order, e.g. `de-rDE-w411dp-h891dp-...-320dpi`. */
  static String qualifiers(Request bind) {
    Locale locale = Locale.forLanguageTag(bind.text("locale"));
    String region = locale.getCountry().isEmpty() ? "" : "-r" + locale.getCountry();
    return locale.getLanguage() + region
        + "-w" + bind.number("width_dp") + "dp"
        + "-h" + bind.number("height_dp") + "dp"
        + "-normal-long-notround-port-notnight-" + bind.number("density_dpi") + "dpi-finger";
  }

  /** `Build` fields, properties and time zone, from the device's system properties. */
  static void describe(Map<String, Object> properties) {
    for (Map.Entry<String, Object> property : properties.entrySet()) {
      ShadowSystemProperties.override(property.getKey(), String.valueOf(property.getValue()));
    }
    for (Map.Entry<String, Consumer<String>> field : FIELDS.entrySet()) {
      field.getValue().accept(valueOf(properties, field.getKey()));
    }
    ShadowBuild.setSupportedAbis(new String[] {valueOf(properties, "ro.product.cpu.abi")});
    String zone = valueOf(properties, "persist.sys.timezone");
    TimeZone.setDefault(zone.equals(Build.UNKNOWN) ? null : TimeZone.getTimeZone(zone));
    System.setProperty("java.vm.name", "Dalvik");
    System.setProperty("java.vm.vendor", "The Android Project");
    System.setProperty("java.vm.version", "2.1.0");
    System.setProperty("java.vendor", "The Android Project");
    System.setProperty("java.runtime.name", "Android Runtime");
    System.setProperty(
        "http.agent",
        "Dalvik/2.1.0 (Linux; U; Android " + Build.VERSION.RELEASE + "; " + Build.MODEL
            + " Build/" + Build.ID + ")");
  }

  private static String valueOf(Map<String, Object> properties, String name) {
    Object value = properties.get(name);
    return value == null ? Build.UNKNOWN : value.toString();
  }
}
