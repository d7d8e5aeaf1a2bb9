package org.leakharness.host.app;

import android.app.job.IJobService;
import android.app.job.JobInfo;
import android.app.job.JobParameters;
import android.app.job.JobService;
import android.app.job.JobWorkItem;
import android.content.Intent;
import android.content.pm.ServiceInfo;
import android.os.Handler;
import android.os.IBinder;
import android.os.Looper;
import android.os.RemoteException;
import android.util.Log;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.shadow.api.Shadow;
import org.robolectric.shadows.ShadowJobScheduler;

/**
 * Runs the app's jobs in real time, through the binder of its job service as on a phone.
 *
 * <p>Of the constraints the device fulfils network, charging, battery and storage at any time, and
 * idleness never: such a job waits for its deadline. A job that asks to be run again is, after its
 * back-off. Jobs end with the process; none is kept across restarts.
 */
public final class Jobs {
  private static final Jobs ONLY = new Jobs();

  private final Handler main = new Handler(Looper.getMainLooper());
  private final Map<Integer, Job> jobs = new HashMap<>();

  private static final class Job {
    final JobInfo info;
    final Deque<JobWorkItem> work = new ArrayDeque<>();
    final Map<Integer, JobWorkItem> handedOut = new HashMap<>();
    Runnable next;
    JobRun run;
    int failures;
    int lastWorkId;

    Job(JobInfo info) {
      this.info = info;
    }
  }

  private Jobs() {}

  public static Jobs get() {
    return ONLY;
  }

  /** A job as scheduled; one with the same number is replaced. */
  public synchronized void schedule(JobInfo info, JobWorkItem item) {
    Job job = jobs.get(info.getId());
    boolean more = item != null && job != null && job.info.equals(info);
    if (!more) {
      cancel(info.getId());
      job = new Job(info);
      jobs.put(info.getId(), job);
    }
    if (item != null) {
      item.setWorkId(++job.lastWorkId);
      job.work.add(item);
    }
    if (job.run == null && job.next == null) {
      plan(job, firstDelayMs(info));
    }
  }

  private static long firstDelayMs(JobInfo info) {
    if (info.isRequireDeviceIdle()) {
      return info.hasLateConstraint() ? info.getMaxExecutionDelayMillis() : -1;
    }
    return info.hasEarlyConstraint() ? info.getMinLatencyMillis() : 0;
  }

  private void plan(Job job, long delayMs) {
    if (delayMs >= 0) {
      job.next = () -> start(job);
      main.postDelayed(job.next, delayMs);
    }
  }

  private void start(Job job) {
    job.next = null;
    Intent intent = new Intent().setComponent(job.info.getService());
    ServiceInfo info = Services.resolve(intent);
    if (info == null) {
      Log.w("JobScheduler", "No such service " + job.info.getService().toShortString());
      return;
    }
    ServiceRecord record = Services.get().ensure(info);
    IBinder binder = record.bind(intent);
    if (!JobService.PERMISSION_BIND.equals(info.permission) || binder == null) {
      Log.w("JobScheduler", info.name + " is no job service");
      record.release(intent);
      Services.get().sweep(record);
      return;
    }
    job.run = new JobRun(this, record, intent, job.info.getId());
    job.run.start(IJobService.Stub.asInterface(binder), job.info);
  }

  /** The app, or the system for it, has done with a run; on any thread. */
  void finished(JobRun run, boolean again) {
    main.post(() -> end(run, again));
  }

  private synchronized void end(JobRun run, boolean again) {
    Job job = jobs.get(run.jobId);
    if (job == null || job.run != run) {
      run.release();
      return;
    }
    job.run = null;
    run.release();
    JobInfo info = job.info;
    job.failures = again ? job.failures + 1 : 0;
    if (again) {
      plan(job, backOffMs(info, job.failures));
    } else if (info.isPeriodic()) {
      plan(job, info.getIntervalMillis());
    } else if (!job.work.isEmpty()) {
      plan(job, 0);
    } else {
      jobs.remove(run.jobId);
      forget(run.jobId);
    }
  }

  private static long backOffMs(JobInfo info, int failures) {
    long initial = info.getInitialBackoffMillis();
    boolean linear = info.getBackoffPolicy() == JobInfo.BACKOFF_POLICY_LINEAR;
    long wanted = linear ? initial * failures : (long) Math.scalb((double) initial, failures - 1);
    return Math.min(wanted, JobInfo.MAX_BACKOFF_DELAY_MILLIS);
  }

  public synchronized void cancel(int jobId) {
    Job job = jobs.remove(jobId);
    if (job == null) {
      return;
    }
    if (job.next != null) {
      main.removeCallbacks(job.next);
    }
    if (job.run != null) {
      main.post(job.run::stop);
    }
  }

  public synchronized void cancelAll() {
    for (Integer jobId : jobs.keySet().toArray(new Integer[0])) {
      cancel(jobId);
    }
  }

  synchronized JobWorkItem nextWork(int jobId) {
    Job job = jobs.get(jobId);
    JobWorkItem item = job == null ? null : job.work.poll();
    if (item != null) {
      item.bumpDeliveryCount();
      job.handedOut.put(item.getWorkId(), item);
    }
    return item;
  }

  synchronized boolean completeWork(int jobId, int workId) {
    Job job = jobs.get(jobId);
    return job != null && job.handedOut.remove(workId) != null;
  }

  /** No work left, none under way: the run of a queue ends by itself, as on Android. */
  synchronized boolean isDrained(int jobId) {
    Job job = jobs.get(jobId);
    return job == null || (job.work.isEmpty() && job.handedOut.isEmpty());
  }

  private static void forget(int jobId) {
    ShadowJobScheduler shadow =
        Shadow.extract(
            RuntimeEnvironment.getApplication()
                .getSystemService(android.app.job.JobScheduler.class));
    ((ShadowJobScheduler.ShadowJobSchedulerImpl) shadow).cancel(jobId);
  }

  static void deliver(Delivery delivery) {
    try {
      delivery.run();
    } catch (RemoteException dead) {
      throw dead.rethrowFromSystemServer();
    }
  }

  /** A call over a binder. */
  interface Delivery {
    void run() throws RemoteException;
  }
}
