package org.leakharness.host.app;

import android.content.Context;
import android.net.ConnectivityManager;
import android.net.ConnectivityManager.NetworkCallback;
import android.net.Network;
import android.net.NetworkCapabilities;
import android.net.NetworkInfo;
import android.security.net.config.ApplicationConfig;
import android.security.net.config.ConfigNetworkSecurityPolicy;
import android.security.net.config.ManifestConfigSource;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.shadow.api.Shadow;
import org.robolectric.shadows.ShadowConnectivityManager;
import org.robolectric.shadows.ShadowNetworkCapabilities;
import org.robolectric.shadows.ShadowNetworkInfo;

/** A validated Wi-Fi network without a meter, so that SDKs send. */
final class NetworkState {
  private static final int[] CAPABILITIES = {
    NetworkCapabilities.NET_CAPABILITY_INTERNET,
    NetworkCapabilities.NET_CAPABILITY_VALIDATED,
    NetworkCapabilities.NET_CAPABILITY_TRUSTED,
    NetworkCapabilities.NET_CAPABILITY_NOT_RESTRICTED,
    NetworkCapabilities.NET_CAPABILITY_NOT_VPN,
    NetworkCapabilities.NET_CAPABILITY_NOT_METERED,
    NetworkCapabilities.NET_CAPABILITY_NOT_ROAMING,
    NetworkCapabilities.NET_CAPABILITY_NOT_CONGESTED,
    NetworkCapabilities.NET_CAPABILITY_NOT_SUSPENDED,
    NetworkCapabilities.NET_CAPABILITY_FOREGROUND,
  };
  private static final Set<NetworkCallback> TOLD =
      Collections.newSetFromMap(new WeakHashMap<>());

  private NetworkState() {}

  static void connect(Context context) {
    ConnectivityManager manager = context.getSystemService(ConnectivityManager.class);
    ShadowConnectivityManager shadow = Shadow.extract(manager);
    shadow.setActiveNetworkInfo(
        ShadowNetworkInfo.newInstance(
            NetworkInfo.DetailedState.CONNECTED, ConnectivityManager.TYPE_WIFI, 0, true,
            NetworkInfo.State.CONNECTED));
    shadow.setNetworkCapabilities(manager.getActiveNetwork(), capabilities());
  }

  /** Whether cleartext traffic is allowed, and to whom, as the app's manifest says. */
  static void applySecurityConfig(Context context) {
    ApplicationConfig config = new ApplicationConfig(new ManifestConfigSource(context));
    ApplicationConfig.setDefaultInstance(config);
    libcore.net.NetworkSecurityPolicy.setInstance(new ConfigNetworkSecurityPolicy(config));
  }

  private static NetworkCapabilities capabilities() {
    NetworkCapabilities capabilities = ShadowNetworkCapabilities.newInstance();
    ShadowNetworkCapabilities shadow = Shadow.extract(capabilities);
    shadow.addTransportType(NetworkCapabilities.TRANSPORT_WIFI);
    for (int capability : CAPABILITIES) {
      shadow.addCapability(capability);
    }
    return capabilities;
  }

  /** Callbacks that were registered since: they hear of the network, as from the real service. */
  static void tellNewCallbacks() {
    ConnectivityManager manager =
        RuntimeEnvironment.getApplication().getSystemService(ConnectivityManager.class);
    ShadowConnectivityManager shadow = Shadow.extract(manager);
    Network network = manager.getActiveNetwork();
    for (NetworkCallback callback : shadow.getNetworkCallbacks().toArray(new NetworkCallback[0])) {
      if (TOLD.add(callback)) {
        callback.onAvailable(network);
        callback.onCapabilitiesChanged(network, manager.getNetworkCapabilities(network));
      }
    }
  }
}
