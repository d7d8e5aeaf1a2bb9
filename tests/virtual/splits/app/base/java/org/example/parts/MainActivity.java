package org.example.parts;

import android.app.Activity;
import android.os.Bundle;
import android.widget.TextView;

/** Shows a string of the base or of a language split, and what the feature split says. */
public final class MainActivity extends Activity {
    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        TextView view = new TextView(this);
        view.setText(getString(R.string.greeting) + ", " + feature());
        setContentView(view);
    }

    private String feature() {
        try {
            Class<?> found = Class.forName("org.example.parts.feature.Feature");
            return ((Described) found.getDeclaredConstructor().newInstance()).describe(this);
        } catch (ReflectiveOperationException absent) {
            return "no feature";
        }
    }
}
