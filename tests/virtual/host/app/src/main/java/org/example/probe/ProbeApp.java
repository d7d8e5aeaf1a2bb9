package org.example.probe;

import android.app.Application;
import android.content.pm.PackageManager;
import android.net.ConnectivityManager;
import android.net.NetworkCapabilities;
import android.os.Build;
import android.provider.Settings;
import android.util.Log;
import java.util.Locale;
import java.util.TimeZone;

/** Writes down in what order things come into being, and what it finds then. */
public final class ProbeApp extends Application {
    static boolean providerSeen;
    static final boolean INITIALISED = note("class ProbeApp initialised");

    private static boolean note(String text) {
        Log.i("probe", text);
        return true;
    }

    @Override
    public void onCreate() {
        super.onCreate();
        Log.i("probe", "provider first: " + providerSeen);
        boolean internet =
                checkSelfPermission("android.permission.INTERNET")
                        == PackageManager.PERMISSION_GRANTED;
        boolean camera =
                checkSelfPermission("android.permission.CAMERA")
                        == PackageManager.PERMISSION_GRANTED;
        Log.i("probe", "internet " + internet + ", camera " + camera);
        ConnectivityManager manager = getSystemService(ConnectivityManager.class);
        NetworkCapabilities network = manager.getNetworkCapabilities(manager.getActiveNetwork());
        Log.i(
                "probe",
                "wifi " + network.hasTransport(NetworkCapabilities.TRANSPORT_WIFI)
                        + ", validated "
                        + network.hasCapability(NetworkCapabilities.NET_CAPABILITY_VALIDATED));
        Log.i("probe", "installer " + installer());
        String id = Settings.Secure.getString(getContentResolver(), Settings.Secure.ANDROID_ID);
        Log.i("probe", "android_id " + id);
        Log.i("probe", "model " + Build.MODEL + ", " + TimeZone.getDefault().getID());
        Log.i("probe", "locale " + Locale.getDefault().toLanguageTag());
        Log.i("probe", "target " + getApplicationInfo().targetSdkVersion);
    }

    private String installer() {
        try {
            return getPackageManager()
                    .getInstallSourceInfo(getPackageName())
                    .getInstallingPackageName();
        } catch (PackageManager.NameNotFoundException absent) {
            return absent.toString();
        }
    }

    @Override
    public void onTrimMemory(int level) {
        super.onTrimMemory(level);
        Log.i("probe", "trim " + level);
    }
}
