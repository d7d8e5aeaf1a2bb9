package org.example.probe;

import android.app.Activity;
import android.app.AlarmManager;
import android.app.Notification;
import android.app.NotificationChannel;
import android.app.NotificationManager;
import android.app.PendingIntent;
import android.app.job.JobInfo;
import android.app.job.JobScheduler;
import android.app.job.JobWorkItem;
import android.content.BroadcastReceiver;
import android.content.ComponentName;
import android.content.Context;
import android.content.Intent;
import android.content.IntentFilter;
import android.content.ServiceConnection;
import android.os.Bundle;
import android.os.IBinder;
import android.os.PersistableBundle;
import android.os.SystemClock;
import android.util.Log;
import java.util.Arrays;

/** Does what the extra "do" says; what an app asks the system for. */
public final class LifeActivity extends Activity implements ServiceConnection {
    static final String RUNTIME = "org.example.probe.RUNTIME";
    private static final long SOON_MS = 300;

    private final BroadcastReceiver receiver =
            new BroadcastReceiver() {
                @Override
                public void onReceive(Context context, Intent intent) {
                    Log.i("probe", "runtime receiver " + intent.getStringExtra("word"));
                }
            };

    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        registerReceiver(receiver, new IntentFilter(RUNTIME), RECEIVER_EXPORTED);
        act(getIntent());
    }

    @Override
    protected void onNewIntent(Intent intent) {
        super.onNewIntent(intent);
        Log.i("probe", "new intent");
        act(intent);
    }

    @Override
    protected void onDestroy() {
        unregisterReceiver(receiver);
        super.onDestroy();
    }

    private void act(Intent intent) {
        String wish = String.valueOf(intent.getStringExtra("do"));
        switch (wish) {
            case "start":
                Intent service = new Intent(this, CountService.class).putExtra("word", "hello");
                Log.i("probe", "started " + startService(service));
                startService(service.putExtra("stop", true));
                break;
            case "bind":
                bindService(new Intent(this, CountService.class), this, BIND_AUTO_CREATE);
                break;
            case "absent":
                Intent absent = new Intent().setClassName("org.example.absent", "A");
                Log.i("probe", "absent " + startService(absent) + bindService(absent, this, 0));
                break;
            case "job":
                retriedJob();
                break;
            case "queue":
                for (String word : Arrays.asList("one", "two")) {
                    scheduler().enqueue(job(SendJob.QUEUE).build(), new JobWorkItem(new Intent(word)));
                }
                break;
            case "cancel":
                scheduler().schedule(job(SendJob.CANCELLED).build());
                break;
            case "alarm":
                alarms();
                break;
            case "notify":
                post();
                break;
            default:
                break;
        }
    }

    private JobScheduler scheduler() {
        return getSystemService(JobScheduler.class);
    }

    private JobInfo.Builder job(int id) {
        return new JobInfo.Builder(id, new ComponentName(this, SendJob.class))
                .setRequiredNetworkType(JobInfo.NETWORK_TYPE_ANY);
    }

    private void retriedJob() {
        PersistableBundle extras = new PersistableBundle();
        extras.putString("word", "hépatite");
        JobInfo.Builder job =
                new JobInfo.Builder(SendJob.RETRIED, new ComponentName(this, SendJob.class))
                        .setMinimumLatency(SOON_MS)
                        .setBackoffCriteria(SOON_MS, JobInfo.BACKOFF_POLICY_LINEAR)
                        .setExtras(extras);
        Log.i("probe", "scheduled " + scheduler().schedule(job.build()));
        Log.i("probe", "pending " + scheduler().getAllPendingJobs().size());
    }

    private void alarms() {
        AlarmManager alarms = getSystemService(AlarmManager.class);
        Intent ping = new Intent(this, PingReceiver.class).putExtra("word", "alarm");
        PendingIntent operation = PendingIntent.getBroadcast(this, 1, ping, PendingIntent.FLAG_IMMUTABLE);
        long started = SystemClock.elapsedRealtime();
        alarms.set(AlarmManager.ELAPSED_REALTIME, started + SOON_MS, operation);
        alarms.set(
                AlarmManager.RTC_WAKEUP,
                System.currentTimeMillis() + SOON_MS,
                "tag",
                () -> Log.i("probe", "rtc after " + (SystemClock.elapsedRealtime() - started)),
                null);
    }

    private void post() {
        NotificationManager manager = getSystemService(NotificationManager.class);
        manager.createNotificationChannel(
                new NotificationChannel("news", "News", NotificationManager.IMPORTANCE_DEFAULT));
        manager.notify(
                "tag",
                5,
                new Notification.Builder(this, "news")
                        .setSmallIcon(android.R.drawable.ic_dialog_info)
                        .setContentTitle("Termin")
                        .setContentText("morgen um 9")
                        .build());
    }

    @Override
    public void onServiceConnected(ComponentName name, IBinder service) {
        Log.i("probe", "connected " + ((CountService.Counter) service).count());
        unbindService(this);
        try {
            unbindService(this);
        } catch (IllegalArgumentException twice) {
            Log.i("probe", String.valueOf(twice.getMessage()).replaceAll(":.*", ""));
        }
    }

    @Override
    public void onServiceDisconnected(ComponentName name) {
        Log.i("probe", "disconnected");
    }
}
