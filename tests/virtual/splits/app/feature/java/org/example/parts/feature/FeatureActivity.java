package org.example.parts.feature;

import android.app.Activity;
import android.os.Bundle;
import android.widget.TextView;

/** An activity that only the split declares. */
public final class FeatureActivity extends Activity {
    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        TextView view = new TextView(this);
        view.setText("activity " + new Feature().describe(this));
        setContentView(view);
    }
}
