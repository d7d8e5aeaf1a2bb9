package org.example.clinic;

import android.content.Context;
import android.content.Intent;
import android.os.Bundle;
import android.os.Handler;
import android.os.Looper;
import android.util.Log;
import android.view.KeyEvent;
import android.view.View;
import android.view.inputmethod.EditorInfo;
import android.view.inputmethod.InputMethodManager;
import android.widget.EditText;
import android.widget.ListView;
import android.widget.TextView;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The start screen: one field to search in, and what was found. */
public final class SearchActivity extends TrackedActivity {
    private static final String TAG = "Clinic";
    private static final int[] STATES = {
        R.id.search_start, R.id.search_progress, R.id.search_results, R.id.search_error
    };

    private final Handler main = new Handler(Looper.getMainLooper());
    private final Backend backend = new Backend();
    private ExecutorService background;
    private EditText field;
    private DoctorAdapter doctors;
    private int searches;

    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        setContentView(R.layout.activity_search);
        background = Executors.newSingleThreadExecutor(work -> new Thread(work, "clinic-search"));
        doctors = new DoctorAdapter(this);
        ((ListView) findViewById(R.id.results_list)).setAdapter(doctors);
        field = findViewById(R.id.search_field);
        field.setOnEditorActionListener(this::onEditorAction);
        findViewById(R.id.search_retry).setOnClickListener(button -> submit());
        findViewById(R.id.settings)
                .setOnClickListener(
                        button -> startActivity(new Intent(this, PrivacyActivity.class)));
        show(R.id.search_start);
        if (!ClinicApp.of(this).consent().isAsked()) {
            new ConsentDialog(this).show();
        }
    }

    @Override
    protected void onDestroy() {
        background.shutdownNow();
        main.removeCallbacksAndMessages(null);
        super.onDestroy();
    }

    private boolean onEditorAction(TextView view, int action, KeyEvent event) {
        boolean enter = event != null && event.getKeyCode() == KeyEvent.KEYCODE_ENTER;
        if (action != EditorInfo.IME_ACTION_SEARCH && !enter) {
            return false;
        }
        // A hardware key comes twice, with the action both times: going down and going up.
        if (event == null || event.getAction() == KeyEvent.ACTION_DOWN) {
            submit();
        }
        return true;
    }

    private void submit() {
        String query = field.getText().toString().trim();
        if (query.isEmpty()) {
            return;
        }
        int search = ++searches;
        hideKeyboard();
        show(R.id.search_progress);
        ClinicApp.of(this).analytics().track(SearchEvent.NAME, SearchEvent.properties(query));
        background.execute(
                () -> {
                    try {
                        List<Doctor> found = backend.search(query);
                        main.post(() -> showResults(search, query, found));
                    } catch (IOException e) {
                        Log.w(TAG, "search failed", e);
                        main.post(() -> showError(search));
                    }
                });
    }

    private void showResults(int search, String query, List<Doctor> found) {
        if (search != searches) {
            return; // an older search that was overtaken
        }
        doctors.clear();
        doctors.addAll(found);
        text(R.id.results_title, getString(R.string.results_title, query));
        text(
                R.id.results_count,
                found.isEmpty()
                        ? getString(R.string.results_none)
                        : getResources()
                                .getQuantityString(
                                        R.plurals.results_count, found.size(), found.size()));
        show(R.id.search_results);
    }

    private void showError(int search) {
        if (search == searches) {
            show(R.id.search_error);
        }
    }

    private void show(int wanted) {
        for (int id : STATES) {
            findViewById(id).setVisibility(id == wanted ? View.VISIBLE : View.GONE);
        }
    }

    private void text(int id, String text) {
        ((TextView) findViewById(id)).setText(text);
    }

    private void hideKeyboard() {
        InputMethodManager keyboard =
                (InputMethodManager) getSystemService(Context.INPUT_METHOD_SERVICE);
        keyboard.hideSoftInputFromWindow(field.getWindowToken(), 0);
    }
}
