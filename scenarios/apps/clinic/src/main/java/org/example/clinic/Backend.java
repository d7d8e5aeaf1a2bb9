package org.example.clinic;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.json.JSONException;

/** The clinic's own search service. Blocking: call it from a background thread. */
final class Backend {
    private static final String SEARCH = "https://api.clinic.example/v1/search?q=";
    private static final int TIMEOUT_MS = 15_000;

    List<Doctor> search(String query) throws IOException {
        URL url = new URL(SEARCH + URLEncoder.encode(query, "UTF-8"));
        HttpURLConnection connection = (HttpURLConnection) url.openConnection();
        try {
            connection.setConnectTimeout(TIMEOUT_MS);
            connection.setReadTimeout(TIMEOUT_MS);
            connection.setRequestProperty("Accept", "application/json");
            connection.setRequestProperty(
                    "Accept-Language", Locale.getDefault().toLanguageTag());
            int status = connection.getResponseCode();
            if (status != HttpURLConnection.HTTP_OK) {
                throw new IOException("the search service answered " + status);
            }
            return Doctor.listFrom(text(connection.getInputStream()));
        } catch (JSONException e) {
            throw new IOException("the search service sent something that is not a result", e);
        } finally {
            connection.disconnect();
        }
    }

    private static String text(InputStream in) throws IOException {
        try (InputStream closing = in) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[4096];
            for (int n = closing.read(buffer); n >= 0; n = closing.read(buffer)) {
                out.write(buffer, 0, n);
            }
            return new String(out.toByteArray(), StandardCharsets.UTF_8);
        }
    }
}
