package org.example.clinic;

import android.app.Activity;

/** Tells analytics when a screen comes and goes. */
abstract class TrackedActivity extends Activity {
    @Override
    protected void onStart() {
        super.onStart();
        ClinicApp.of(this).analytics().activityStarted(this);
    }

    @Override
    protected void onPause() {
        super.onPause();
        ClinicApp.of(this).analytics().activityPaused();
    }

    @Override
    protected void onStop() {
        super.onStop();
        ClinicApp.of(this).analytics().activityStopped();
    }
}
