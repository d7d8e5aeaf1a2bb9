package org.example.probe;

import android.app.Service;
import android.content.Intent;
import android.os.Binder;
import android.os.IBinder;
import android.util.Log;

/** Started and bound; says what happens to it. */
public final class CountService extends Service {
    /** What a client in the same process gets. */
    static final class Counter extends Binder {
        int next = 41;

        int count() {
            return ++next;
        }
    }

    @Override
    public void onCreate() {
        Log.i("probe", "service created on " + Thread.currentThread().getName());
    }

    @Override
    public int onStartCommand(Intent intent, int flags, int startId) {
        Log.i("probe", "service start " + startId + " " + intent.getStringExtra("word"));
        if (intent.getBooleanExtra("stop", false)) {
            stopSelf(startId);
        }
        return START_NOT_STICKY;
    }

    @Override
    public IBinder onBind(Intent intent) {
        Log.i("probe", "service bound");
        return new Counter();
    }

    @Override
    public boolean onUnbind(Intent intent) {
        Log.i("probe", "service unbound");
        return false;
    }

    @Override
    public void onDestroy() {
        Log.i("probe", "service destroyed");
    }
}
