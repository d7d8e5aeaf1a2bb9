package org.example.probe;

import android.app.job.JobParameters;
import android.app.job.JobService;
import android.app.job.JobWorkItem;
import android.util.Log;

/** A job that fails the first time, and one that works off a queue. */
public final class SendJob extends JobService {
    static final int RETRIED = 1;
    static final int QUEUE = 2;
    static final int CANCELLED = 3;
    private static int runs;

    @Override
    public boolean onStartJob(JobParameters parameters) {
        int id = parameters.getJobId();
        Log.i("probe", "job " + id + " starts, " + parameters.getExtras().getString("word"));
        if (id == CANCELLED) {
            getSystemService(android.app.job.JobScheduler.class).cancel(id);
            return true;
        }
        new Thread(() -> work(parameters), "job").start();
        return true;
    }

    private void work(JobParameters parameters) {
        if (parameters.getJobId() == RETRIED) {
            runs++;
            Log.i("probe", "job run " + runs);
            jobFinished(parameters, runs == 1);
            return;
        }
        for (JobWorkItem item = parameters.dequeueWork(); item != null; item = parameters.dequeueWork()) {
            Log.i("probe", "job work " + item.getIntent().getAction());
            parameters.completeWork(item);
        }
    }

    @Override
    public boolean onStopJob(JobParameters parameters) {
        Log.i("probe", "job " + parameters.getJobId() + " stopped");
        return false;
    }

    @Override
    public void onDestroy() {
        Log.i("probe", "job service destroyed");
        super.onDestroy();
    }
}
