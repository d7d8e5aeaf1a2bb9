package org.example.clinic;

import android.app.Application;
import android.content.Context;

/** Holds what lives as long as the process: the user's choice, and analytics if that allows it. */
public final class ClinicApp extends Application {
    private Consent consent;
    private Analytics analytics;

    static ClinicApp of(Context context) {
        return (ClinicApp) context.getApplicationContext();
    }

    @Override
    public void onCreate() {
        super.onCreate();
        consent = new Consent(this);
        analytics = new Analytics(this);
        if (consent.isGranted()) {
            analytics.start(null);
        }
    }

    Consent consent() {
        return consent;
    }

    Analytics analytics() {
        return analytics;
    }
}
