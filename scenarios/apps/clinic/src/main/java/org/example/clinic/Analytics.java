package org.example.clinic;

import android.app.Activity;
import android.app.Application;
import com.amplitude.api.Amplitude;
import com.mixpanel.android.mpmetrics.MixpanelAPI;
import java.util.Map;
import ly.count.android.sdk.Countly;
import ly.count.android.sdk.CountlyConfig;
import org.json.JSONObject;

/** The three analytics SDKs, set up as their documentation says, and only after consent. */
final class Analytics {
    private static final String MIXPANEL_TOKEN = "5f0c1d7a9b8e4c23a6d1e0f9b7c8d2e4";
    private static final String AMPLITUDE_API_KEY = "b3d94c1f7e2a4856a0c9d8e7f6b5a413";
    private static final String COUNTLY_APP_KEY = "1c7e5d3b9f8a264e0d1c2b3a49586776";
    private static final String COUNTLY_SERVER = "https://try.count.ly";

    private final Application application;
    private MixpanelAPI mixpanel;
    private boolean started;

    Analytics(Application application) {
        this.application = application;
    }

    /** Starts all SDKs; {@code visible} is the activity on screen, or null before the first. */
    void start(Activity visible) {
        if (started) {
            return;
        }
        started = true;
        mixpanel = MixpanelAPI.getInstance(application, MIXPANEL_TOKEN, false);
        mixpanel.optInTracking();
        Amplitude.getInstance()
                .initialize(application, AMPLITUDE_API_KEY)
                .enableForegroundTracking(application)
                .setOptOut(false);
        Countly.sharedInstance()
                .init(new CountlyConfig(application, COUNTLY_APP_KEY, COUNTLY_SERVER));
        if (visible != null) {
            Countly.sharedInstance().onStart(visible);
        }
    }

    /** Stops all SDKs; they collect and send nothing any more. */
    void stop() {
        if (!started) {
            return;
        }
        started = false;
        mixpanel.optOutTracking();
        Amplitude.getInstance().setOptOut(true);
        Countly.sharedInstance().halt();
    }

    void track(String event, Map<String, Object> properties) {
        if (!started) {
            return;
        }
        mixpanel.track(event, new JSONObject(properties));
        Amplitude.getInstance().logEvent(event, new JSONObject(properties));
        Countly.sharedInstance().events().recordEvent(event, properties);
    }

    void activityStarted(Activity activity) {
        if (started) {
            Countly.sharedInstance().onStart(activity);
        }
    }

    /** Sends what is queued: the process may not live until the SDKs' timers ring. */
    void activityPaused() {
        if (started) {
            mixpanel.flush();
            Amplitude.getInstance().uploadEvents();
            Countly.sharedInstance().requestQueue().attemptToSendStoredRequests();
        }
    }

    void activityStopped() {
        if (started) {
            Countly.sharedInstance().onStop();
        }
    }
}
