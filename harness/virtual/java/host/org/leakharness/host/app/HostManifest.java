package org.leakharness.host.app;

import android.content.IntentFilter;
import android.content.pm.PackageParser;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.robolectric.manifest.AndroidManifest;
import org.robolectric.manifest.BroadcastReceiverData;
import org.robolectric.manifest.IntentFilterData;
import org.robolectric.shadows.ShadowPackageParser;

/**
 * The manifest inside the APK, in the form in which Robolectric asks for it.
 *
 * <p>Without it Robolectric takes the target SDK for the lowest and registers no receivers, as it
 * looks for them in a manifest in source form.
 */
final class HostManifest extends AndroidManifest {
  private final Path apk;
  private PackageParser.Package parsed;

  HostManifest(Path apk) {
    super(null, null, null, Collections.emptyList(), "", apk);
    this.apk = apk;
  }

  private PackageParser.Package parsed() {
    if (parsed == null) {
      parsed = ShadowPackageParser.callParsePackage(apk);
    }
    return parsed;
  }

  @Override
  public int getTargetSdkVersion() {
    return parsed().applicationInfo.targetSdkVersion;
  }

  @Override
  public int getMinSdkVersion() {
    return parsed().applicationInfo.minSdkVersion;
  }

  @Override
  public String getAppComponentFactory() {
    return parsed().applicationInfo.appComponentFactory;
  }

  @Override
  public List<BroadcastReceiverData> getBroadcastReceivers() {
    List<BroadcastReceiverData> receivers = new ArrayList<>();
    for (PackageParser.Activity receiver : parsed().receivers) {
      if (receiver.info.enabled) {
        receivers.add(receiverOf(receiver));
      }
    }
    return receivers;
  }

  private static BroadcastReceiverData receiverOf(PackageParser.Activity receiver) {
    Map<String, String> attributes = new HashMap<>();
    attributes.put("android:name", receiver.info.name);
    attributes.put("android:exported", Boolean.toString(receiver.info.exported));
    List<IntentFilterData> filters = new ArrayList<>();
    List<String> actions = new ArrayList<>();
    for (IntentFilter filter : receiver.intents) {
      List<String> own = new ArrayList<>();
      for (int i = 0; i < filter.countActions(); i++) {
        own.add(filter.getAction(i));
      }
      actions.addAll(own);
      filters.add(new IntentFilterData(own, new ArrayList<>()));
    }
    BroadcastReceiverData data = new BroadcastReceiverData(attributes, null, filters);
    for (String action : actions) {
      data.addAction(action);
    }
    if (receiver.info.permission != null) {
      data.setPermission(receiver.info.permission);
    }
    return data;
  }
}
