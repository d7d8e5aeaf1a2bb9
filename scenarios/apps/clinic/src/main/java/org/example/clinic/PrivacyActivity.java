package org.example.clinic;

import android.os.Bundle;
import android.widget.Button;
import android.widget.TextView;

/** Shows what was decided and lets people change their mind. */
public final class PrivacyActivity extends TrackedActivity {
    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        setContentView(R.layout.activity_privacy);
        findViewById(R.id.privacy_back).setOnClickListener(button -> finish());
        show();
    }

    private void show() {
        ClinicApp app = ClinicApp.of(this);
        boolean granted = app.consent().isGranted();
        TextView status = findViewById(R.id.privacy_status);
        status.setText(granted ? R.string.privacy_status_on : R.string.privacy_status_off);
        Button revoke = findViewById(R.id.consent_revoke);
        revoke.setEnabled(granted);
        revoke.setOnClickListener(
                button -> {
                    app.consent().answer(false);
                    app.analytics().stop();
                    show();
                });
        Button grant = findViewById(R.id.consent_grant);
        grant.setEnabled(!granted);
        grant.setOnClickListener(
                button -> {
                    app.consent().answer(true);
                    app.analytics().start(this);
                    show();
                });
    }
}
