package org.example.probe;

import android.app.Activity;
import android.app.AlertDialog;
import android.content.Intent;
import android.content.SharedPreferences;
import android.os.Bundle;
import android.util.Log;
import android.view.View;
import android.view.inputmethod.EditorInfo;
import android.widget.Button;
import android.widget.EditText;
import android.widget.LinearLayout;
import android.widget.PopupMenu;
import android.widget.TextView;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URL;
import java.net.URLConnection;
import java.util.concurrent.CountDownLatch;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** One button for each thing that a test wants to happen. */
public final class MainActivity extends Activity {
    private static final int REQUEST = 7;
    private TextView status;
    private LinearLayout column;

    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        SharedPreferences kept = getSharedPreferences("kept", MODE_PRIVATE);
        int starts = kept.getInt("starts", 0) + 1;
        kept.edit().putInt("starts", starts).commit();
        column = new LinearLayout(this);
        column.setOrientation(LinearLayout.VERTICAL);
        status = new TextView(this);
        status.setId(R.id.status);
        status.setText("starts " + starts + " " + getString(R.string.greeting));
        column.addView(status);
        EditText field = new EditText(this);
        field.setId(R.id.field);
        field.setHint("type here");
        field.setSingleLine();
        field.setImeOptions(EditorInfo.IME_ACTION_SEARCH);
        field.setOnEditorActionListener(
                (view, action, event) -> {
                    status.setText("submitted " + view.getText());
                    return true;
                });
        column.addView(field);
        button(R.id.second, "second", view -> second());
        button(R.id.dialog, "dialog", view -> dialog());
        button(R.id.popup, "popup", this::popup);
        button(R.id.fetch, "fetch", view -> new Thread(this::fetch, "fetcher").start());
        button(R.id.resolve, "resolve", view -> new Thread(this::resolve, "resolver").start());
        button(R.id.escape, "escape", view -> new Thread(this::escape, "escaper").start());
        button(R.id.crash, "crash", view -> crash());
        button(R.id.crash_thread, "crash thread", view -> new Thread(this::crash, "worker").start());
        button(R.id.hang, "hang", view -> hang());
        button(R.id.unnamed, "", view -> status.setText("unnamed"));
        setContentView(column);
        Log.i("probe", "main extra " + getIntent().getStringExtra("word"));
        System.out.println("printed by the app");
    }

    private void button(int id, String text, View.OnClickListener listener) {
        Button button = new Button(this);
        button.setId(id);
        button.setText(text);
        button.setAllCaps(false);
        button.setOnClickListener(listener);
        button.setOnLongClickListener(
                view -> {
                    status.setText("long " + text);
                    return true;
                });
        column.addView(button);
    }

    private void second() {
        startActivityForResult(new Intent(this, SecondActivity.class), REQUEST);
    }

    @Override
    protected void onActivityResult(int request, int result, Intent data) {
        super.onActivityResult(request, result, data);
        String answer = data == null ? "nothing" : data.getStringExtra("answer");
        status.setText("result " + request + " " + result + " " + answer);
    }

    private void dialog() {
        new AlertDialog.Builder(this)
                .setTitle("Really?")
                .setMessage("A dialog")
                .setPositiveButton("yes", (dialog, which) -> status.setText("yes"))
                .setOnCancelListener(dialog -> status.setText("cancelled"))
                .show();
    }

    private void popup(View anchor) {
        PopupMenu menu = new PopupMenu(this, anchor);
        menu.getMenu().add("first choice");
        menu.getMenu().add("second choice");
        menu.setOnMenuItemClickListener(
                item -> {
                    status.setText("chose " + item.getTitle());
                    return true;
                });
        menu.show();
    }

    private void fetch() {
        String outcome;
        try {
            HttpURLConnection connection =
                    (HttpURLConnection)
                            new URL("https://search.probe.example/find?q=h%C3%A9patite")
                                    .openConnection();
            outcome = connection.getClass().getName() + " " + read(connection.getInputStream());
        } catch (IOException failure) {
            outcome = failure.toString();
        }
        String text = outcome;
        runOnUiThread(() -> status.setText(text));
    }

    /** Clients that want no proxy and look their host up themselves. */
    private void resolve() {
        String outcome;
        try {
            URL url = new URL("https://search.probe.example/find?by=urlconnection");
            URLConnection connection = url.openConnection(Proxy.NO_PROXY);
            outcome = "URLConnection " + read(connection.getInputStream());
            OkHttpClient client = new OkHttpClient.Builder().proxy(Proxy.NO_PROXY).build();
            Request request = new Request.Builder().url(url.toString().replace("urlc", "okhttp-c")).build();
            try (Response response = client.newCall(request).execute()) {
                outcome += ", OkHttp " + response.body().string();
            }
            InetAddress address = InetAddress.getByName("search.probe.example");
            try (Socket socket = new Socket(address, 80)) {
                outcome += ", " + socket.getInetAddress().equals(address) + " " + socket.getPort();
                outcome += " " + address.getHostName() + " " + InetAddress.getLocalHost();
            }
        } catch (IOException failure) {
            Log.e("probe", "resolve", failure);
            outcome = failure.toString();
        }
        String text = outcome;
        runOnUiThread(() -> status.setText(text));
    }

    /** Ways around the proxy, with what became of each; the port is a listener's of the test. */
    private void escape() {
        int port = getIntent().getIntExtra("port", 0);
        String address = getIntent().getStringExtra("address");
        StringBuilder outcome = new StringBuilder();
        for (Escape way : Escape.values()) {
            String result;
            try {
                way.go(address, port);
                result = "went";
            } catch (IOException | RuntimeException refused) {
                Log.i("probe", "refused " + way, refused);
                result = refused.getClass().getSimpleName();
            }
            outcome.append(way).append(' ').append(result).append("; ");
        }
        runOnUiThread(() -> status.setText(outcome));
    }

    private static String read(InputStream in) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] piece = new byte[1024];
        for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
            out.write(piece, 0, n);
        }
        return out.toString("UTF-8");
    }

    private void crash() {
        throw new IllegalStateException("on purpose");
    }

    private void hang() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException interrupt) {
            Log.i("probe", "woken");
        }
    }
}
