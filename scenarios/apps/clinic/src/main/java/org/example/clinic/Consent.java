package org.example.clinic;

import android.content.Context;
import android.content.SharedPreferences;

/** The answer to the privacy question, kept in the app's preferences. */
final class Consent {
    private static final String KEY = "analytics_consent";
    private static final String GRANTED = "granted";
    private static final String DENIED = "denied";

    private final SharedPreferences preferences;

    Consent(Context context) {
        preferences = context.getSharedPreferences("privacy", Context.MODE_PRIVATE);
    }

    boolean isAsked() {
        return preferences.contains(KEY);
    }

    boolean isGranted() {
        return GRANTED.equals(preferences.getString(KEY, null));
    }

    void answer(boolean granted) {
        // Not apply(): the answer must outlive a process that is killed right after.
        preferences.edit().putString(KEY, granted ? GRANTED : DENIED).commit();
    }
}
