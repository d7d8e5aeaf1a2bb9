package org.example.probe;

import android.app.Activity;
import android.content.Intent;
import android.os.Bundle;
import android.widget.Button;

/** Gives back a result. */
public final class SecondActivity extends Activity {
    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        Button finish = new Button(this);
        finish.setId(R.id.finish);
        finish.setText("finish");
        finish.setOnClickListener(
                view -> {
                    setResult(RESULT_OK, new Intent().putExtra("answer", "from second"));
                    finish();
                });
        setContentView(finish);
    }
}
