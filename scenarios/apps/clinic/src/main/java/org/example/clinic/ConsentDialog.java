package org.example.clinic;

import android.app.Activity;
import android.app.Dialog;
import android.view.ViewGroup;

/** Asks once whether search behaviour may be analysed; there is no way around an answer. */
final class ConsentDialog extends Dialog {
    ConsentDialog(Activity activity) {
        super(activity, R.style.Clinic_Dialog);
        setContentView(R.layout.dialog_consent);
        setCancelable(false);
        getWindow()
                .setLayout(ViewGroup.LayoutParams.MATCH_PARENT, ViewGroup.LayoutParams.WRAP_CONTENT);
        ClinicApp app = ClinicApp.of(activity);
        findViewById(R.id.consent_accept)
                .setOnClickListener(
                        button -> {
                            app.consent().answer(true);
                            app.analytics().start(activity);
                            dismiss();
                        });
        findViewById(R.id.consent_reject)
                .setOnClickListener(
                        button -> {
                            app.consent().answer(false);
                            dismiss();
                        });
    }
}
