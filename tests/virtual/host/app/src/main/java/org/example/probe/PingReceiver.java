package org.example.probe;

import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;
import android.util.Log;

/** Declared in the manifest only. */
public final class PingReceiver extends BroadcastReceiver {
    @Override
    public void onReceive(Context context, Intent intent) {
        Log.i("probe", "ping " + intent.getStringExtra("word"));
    }
}
