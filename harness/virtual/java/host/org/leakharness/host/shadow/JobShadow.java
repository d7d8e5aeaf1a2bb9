package org.leakharness.host.shadow;

import android.app.job.JobInfo;
import android.app.job.JobScheduler;
import android.app.job.JobWorkItem;
import org.leakharness.host.app.Jobs;
import org.robolectric.annotation.Implementation;
import org.robolectric.annotation.Implements;
import org.robolectric.shadows.ShadowJobScheduler;

/** Jobs that Robolectric only notes down really run. */
@Implements(className = "android.app.JobSchedulerImpl", isInAndroidSdk = false)
public class JobShadow extends ShadowJobScheduler.ShadowJobSchedulerImpl {
  @Override
  @Implementation
  public int schedule(JobInfo job) {
    return plan(job, null);
  }

  @Override
  @Implementation
  public int enqueue(JobInfo job, JobWorkItem work) {
    return plan(job, work);
  }

  private int plan(JobInfo job, JobWorkItem work) {
    super.schedule(job);
    Jobs.get().schedule(job, work);
    return JobScheduler.RESULT_SUCCESS;
  }

  @Override
  @Implementation
  public void cancel(int jobId) {
    super.cancel(jobId);
    Jobs.get().cancel(jobId);
  }

  @Override
  @Implementation
  public void cancelAll() {
    super.cancelAll();
    Jobs.get().cancelAll();
  }
}
