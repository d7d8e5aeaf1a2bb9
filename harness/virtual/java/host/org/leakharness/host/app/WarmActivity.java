package org.leakharness.host.app;

import android.app.Activity;
import android.app.AlertDialog;
import android.os.Bundle;
import android.os.Handler;
import android.text.InputType;
import android.view.View;
import android.view.inputmethod.EditorInfo;
import android.view.inputmethod.InputConnection;
import android.widget.Button;
import android.widget.EditText;
import android.widget.LinearLayout;
import android.widget.ListView;
import android.widget.ArrayAdapter;
import android.widget.TextView;

/** The activity of the warm-up: the widgets that apps use most, used once. */
public final class WarmActivity extends Activity {
  private boolean laidOut;
  private EditText field;
  private Button button;

  @Override
  protected void onCreate(Bundle state) {
    super.onCreate(state);
    LinearLayout column = new LinearLayout(this);
    column.setOrientation(LinearLayout.VERTICAL);
    TextView title = new TextView(this);
    title.setText("hépatite 肝炎");
    field = new EditText(this);
    field.setInputType(InputType.TYPE_CLASS_TEXT);
    field.setImeOptions(EditorInfo.IME_ACTION_SEARCH);
    button = new Button(this);
    button.setText(android.R.string.ok);
    button.setOnClickListener(view -> title.setText(field.getText()));
    ListView list = new ListView(this);
    String[] rows = {"a", "b", "c"};
    list.setAdapter(new ArrayAdapter<>(this, android.R.layout.simple_list_item_1, rows));
    for (View view : new View[] {title, field, button, list}) {
      column.addView(view);
    }
    setContentView(column);
    column.getViewTreeObserver().addOnGlobalLayoutListener(() -> laidOut = true);
  }

  boolean isLaidOut() {
    return laidOut;
  }

  void exercise(Handler handler) {
    int[] place = new int[2];
    button.getLocationOnScreen(place);
    Input.tapNow(place[0] + 5, place[1] + 5);
    field.requestFocus();
    InputConnection connection = field.onCreateInputConnection(new EditorInfo());
    connection.commitText("é", 1);
    connection.performEditorAction(EditorInfo.IME_ACTION_SEARCH);
    AlertDialog dialog =
        new AlertDialog.Builder(this).setMessage("?").setPositiveButton("ok", null).show();
    Pump.once(handler);
    dialog.dismiss();
    getSharedPreferences("warm", MODE_PRIVATE).edit().putInt("a", 1).commit();
    Pump.once(handler);
  }
}
