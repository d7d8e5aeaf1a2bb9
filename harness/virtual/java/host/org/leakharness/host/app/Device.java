package org.leakharness.host.app;

import java.util.Locale;
import org.leakharness.host.link.Request;
import org.robolectric.shadows.ShadowBuild;

/** The phone that apps believe to run on. */
final class Device {
  private static final String MODEL = "Virtual Phone";
  private static final String BUILD_ID = "UP1A.231005.007";

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

  /** `Build` fields and the system properties that libraries tell Android by. */
  static void describe() {
    ShadowBuild.setManufacturer("leak-harness");
    ShadowBuild.setBrand("leak-harness");
    ShadowBuild.setModel(MODEL);
    ShadowBuild.setProduct("virtual_phone");
    ShadowBuild.setDevice("virtual");
    ShadowBuild.setHardware("ranchu");
    ShadowBuild.setId(BUILD_ID);
    ShadowBuild.setType("userdebug");
    ShadowBuild.setTags("test-keys");
    ShadowBuild.setFingerprint(
        "leak-harness/virtual_phone/virtual:14/" + BUILD_ID + "/1:userdebug/test-keys");
    System.setProperty("java.vm.name", "Dalvik");
    System.setProperty("java.vm.vendor", "The Android Project");
    System.setProperty("java.vm.version", "2.1.0");
    System.setProperty("java.vendor", "The Android Project");
    System.setProperty("java.runtime.name", "Android Runtime");
    System.setProperty(
        "http.agent",
        "Dalvik/2.1.0 (Linux; U; Android 14; " + MODEL + " Build/" + BUILD_ID + ")");
  }
}
