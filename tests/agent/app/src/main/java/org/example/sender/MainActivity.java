package org.example.sender;

import android.app.Activity;
import android.content.ActivityNotFoundException;
import android.content.ClipData;
import android.content.ClipboardManager;
import android.content.ContentValues;
import android.content.Intent;
import android.net.Uri;
import android.os.Bundle;
import android.os.Handler;
import android.os.HandlerThread;
import android.text.InputType;
import android.util.Base64;
import android.view.inputmethod.EditorInfo;
import android.widget.EditText;
import android.widget.LinearLayout;
import android.widget.TextView;
import com.mixpanel.android.mpmetrics.MixpanelAPI;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URL;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLSocketFactory;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.json.JSONException;
import org.json.JSONObject;

/** Sends what was typed in every way there is, when the search key is pressed. */
public final class MainActivity extends Activity {
    private static final String HOST = "https://sink.sender.example";
    private final HandlerThread worker = new HandlerThread("worker");
    private final ExecutorService pool = Executors.newSingleThreadExecutor();
    private final OkHttpClient client = new OkHttpClient();
    private TextView status;

    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        worker.start();
        LinearLayout column = new LinearLayout(this);
        column.setOrientation(LinearLayout.VERTICAL);
        status = new TextView(this);
        status.setId(R.id.status);
        status.setText("waiting");
        column.addView(status);
        EditText field = new EditText(this);
        field.setId(R.id.field);
        field.setHint("Suche");
        field.setSingleLine();
        field.setImeOptions(EditorInfo.IME_ACTION_SEARCH);
        field.setOnEditorActionListener(
                (view, action, event) -> {
                    onSearch(view.getText().toString());
                    return true;
                });
        column.addView(field);
        EditText secret = new EditText(this);
        secret.setId(R.id.secret);
        secret.setInputType(InputType.TYPE_CLASS_TEXT | InputType.TYPE_TEXT_VARIATION_PASSWORD);
        column.addView(secret);
        setContentView(column);
    }

    private void onSearch(String word) {
        status.setText("sending");
        new Handler(worker.getLooper()).post(() -> onWorker(word));
    }

    private void onWorker(String word) {
        String outcome;
        try {
            byte[] body = ("word=" + word).getBytes(StandardCharsets.UTF_8);
            String query = "?q=" + URLEncoder.encode(word, "UTF-8");
            huc(HOST + "/get" + query, null, 0);
            huc(HOST + "/buffered", body, 0);
            huc("http://sink.sender.example/clear" + query, null, 0);
            pool.submit(() -> onPool(body)).get();
            enqueue(HOST + "/enqueued" + query);
            post(HOST + "/posted", body);
            raw(word);
            encrypted(word);
            refused(word);
            handOver(word);
            outcome = "done";
        } catch (Exception failure) {
            outcome = failure.toString();
        }
        String text = outcome;
        runOnUiThread(() -> status.setText(text));
    }

    private Object onPool(byte[] body) throws IOException {
        huc(HOST + "/fixed", body, 1);
        huc(HOST + "/chunked", body, 2);
        return null;
    }

    /** Mode 0: the connection buffers the body; 1: of a length known before; 2: in chunks. */
    private static void huc(String url, byte[] body, int mode) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) new URL(url).openConnection();
        if (body != null) {
            connection.setDoOutput(true);
            if (mode == 1) {
                connection.setFixedLengthStreamingMode(body.length);
            } else if (mode == 2) {
                connection.setChunkedStreamingMode(7);
            }
            OutputStream out = connection.getOutputStream();
            for (byte one : body) {
                out.write(one);
            }
            out.close();
        }
        connection.getResponseCode();
        connection.getResponseMessage();
        InputStream answer = connection.getInputStream();
        while (answer.read() >= 0) {
            // to its end
        }
        answer.close();
    }

    private void enqueue(String url) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        client.newCall(new Request.Builder().url(url).build())
                .enqueue(
                        new Callback() {
                            @Override
                            public void onFailure(Call call, IOException failure) {
                                done.countDown();
                            }

                            @Override
                            public void onResponse(Call call, Response response) {
                                response.close();
                                done.countDown();
                            }
                        });
        done.await();
    }

    private void post(String url, byte[] body) throws IOException {
        RequestBody content = RequestBody.create(body, MediaType.parse("text/plain"));
        client.newCall(new Request.Builder().url(url).post(content).build()).execute().close();
    }

    /** Behind its vector, in Base64 with line breaks, in JSON: as SDKs do that hide what they send. */
    private void encrypted(String word) throws Exception {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        byte[] key = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
        byte[] secret = cipher.doFinal(new JSONObject().put("query", word).toString().getBytes());
        byte[] all = Arrays.copyOf(cipher.getIV(), cipher.getIV().length + secret.length);
        System.arraycopy(secret, 0, all, cipher.getIV().length, secret.length);
        String data = Base64.encodeToString(all, Base64.DEFAULT);
        post(HOST + "/encrypted", new JSONObject().put("d", data).toString().getBytes());
    }

    /** Where the device lets nothing out; the app sees the errors that it would see without hooks. */
    private static void refused(String word) throws IOException {
        byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
        InetAddress peer = InetAddress.getByName("udp.sender.example");
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.send(new DatagramPacket(bytes, bytes.length, peer, 9));
            throw new AssertionError("a datagram left the device");
        } catch (SocketException refused) {
            // As on a phone without a network.
        }
        InetAddress.getByName("hepatitis.tunnel.example");
    }

    /** To an SDK that sends later, and to others on the device. */
    private void handOver(String word) throws JSONException {
        MixpanelAPI.getInstance(this, "token-of-this-test", false)
                .track("Search", new JSONObject().put("query", word));
        sendBroadcast(new Intent("a.b.C").setPackage("com.google.android.gms").putExtra("q", word));
        sendBroadcast(new Intent("a.b.D").setPackage(getPackageName()).putExtra("q", word));
        ContentValues values = new ContentValues();
        values.put("q", word);
        try {
            getContentResolver().insert(Uri.parse("content://com.other.words/searches"), values);
        } catch (IllegalArgumentException unknown) {
            // Nobody is there: the app's own exception, as without hooks.
        }
        ClipboardManager clipboard = getSystemService(ClipboardManager.class);
        clipboard.setPrimaryClip(ClipData.newPlainText("word", word));
        Uri page = Uri.parse("https://Web.sender.example/find").buildUpon()
                .appendQueryParameter("q", word).build();
        try {
            startActivity(new Intent(Intent.ACTION_VIEW, page).addFlags(Intent.FLAG_ACTIVITY_NEW_TASK));
        } catch (ActivityNotFoundException none) {
            // There is no browser.
        }
    }

    private static void raw(String word) throws IOException {
        try (Socket socket = SSLSocketFactory.getDefault().createSocket("raw.sender.example", 443)) {
            String text = "POST /raw HTTP/1.1\r\nHost: raw.sender.example\r\nContent-Length: ";
            byte[] body = word.getBytes(StandardCharsets.UTF_8);
            OutputStream out = socket.getOutputStream();
            out.write((text + body.length + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
            out.write(body);
            socket.getInputStream().read();
        }
    }
}
