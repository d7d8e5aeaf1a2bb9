package org.leakharness.host.app;

import android.app.Notification;
import android.app.job.IJobCallback;
import android.app.job.IJobService;
import android.app.job.JobInfo;
import android.app.job.JobParameters;
import android.app.job.JobWorkItem;
import android.content.Intent;
import android.net.ConnectivityManager;
import android.net.Network;
import android.net.Uri;
import org.robolectric.RuntimeEnvironment;

/** One run of a job: the system's end of the conversation with the app's job service. */
final class JobRun extends IJobCallback.Stub {
  final int jobId;
  private final Jobs jobs;
  private final ServiceRecord record;
  private final Intent intent;
  private JobParameters parameters;
  private IJobService service;
  private boolean released;

  JobRun(Jobs jobs, ServiceRecord record, Intent intent, int jobId) {
    this.jobs = jobs;
    this.record = record;
    this.intent = intent;
    this.jobId = jobId;
  }

  void start(IJobService service, JobInfo info) {
    this.service = service;
    Network network =
        RuntimeEnvironment.getApplication()
            .getSystemService(ConnectivityManager.class)
            .getActiveNetwork();
    parameters =
        new JobParameters(
            this, null, jobId, info.getExtras(), info.getTransientExtras(), info.getClipData(),
            info.getClipGrantFlags(), false, info.isExpedited(), info.isUserInitiated(),
            new Uri[0], new String[0], info.getRequiredNetwork() == null ? null : network);
    Jobs.deliver(() -> service.startJob(parameters));
  }

  /** It was cancelled while it ran. */
  void stop() {
    Jobs.deliver(() -> service.stopJob(parameters));
  }

  void release() {
    if (!released) {
      released = true;
      record.release(intent);
      Services.get().sweep(record);
    }
  }

  @Override
  public void acknowledgeStartMessage(int id, boolean ongoing) {
    if (!ongoing) {
      jobs.finished(this, false);
    }
  }

  @Override
  public void acknowledgeStopMessage(int id, boolean again) {
    jobs.finished(this, again);
  }

  @Override
  public void jobFinished(int id, boolean again) {
    jobs.finished(this, again);
  }

  @Override
  public JobWorkItem dequeueWork(int id) {
    JobWorkItem item = jobs.nextWork(id);
    if (item == null && jobs.isDrained(id)) {
      jobs.finished(this, false);
    }
    return item;
  }

  @Override
  public boolean completeWork(int id, int workId) {
    return jobs.completeWork(id, workId);
  }

  @Override
  public void acknowledgeGetTransferredDownloadBytesMessage(int id, int workId, long bytes) {}

  @Override
  public void acknowledgeGetTransferredUploadBytesMessage(int id, int workId, long bytes) {}

  @Override
  public void updateEstimatedNetworkBytes(int id, JobWorkItem item, long down, long up) {}

  @Override
  public void updateTransferredNetworkBytes(int id, JobWorkItem item, long down, long up) {}

  @Override
  public void setNotification(int id, int notificationId, Notification notification, int policy) {}
}
