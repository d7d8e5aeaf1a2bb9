package org.example.target;

import java.io.IOException;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.BufferedSink;

/** The same calls for OkHttp 3, 4 and 5. */
final class OkClient {
    private static final MediaType TEXT = MediaType.parse("text/plain");
    private static final OkHttpClient CLIENT =
            new OkHttpClient.Builder()
                    .sslSocketFactory(Target.sockets(), Target.ANYBODY)
                    .hostnameVerifier((host, session) -> true)
                    .build();

    private OkClient() {}

    static Object get(String url) throws IOException {
        return call(CLIENT, new Request.Builder().url(url).build());
    }

    static Object post(String url, byte[] body) throws IOException {
        return call(CLIENT, new Request.Builder().url(url).post(RequestBody.create(TEXT, body)).build());
    }

    /** A body that can be written only once: asking for it again fails. */
    static Object once(String url, int sizeBytes) throws IOException {
        RequestBody body =
                new RequestBody() {
                    private boolean written;

                    @Override
                    public MediaType contentType() {
                        return TEXT;
                    }

                    @Override
                    public void writeTo(BufferedSink sink) throws IOException {
                        if (written) {
                            throw new IOException("written twice");
                        }
                        written = true;
                        byte[] piece = new byte[10_000];
                        for (int at = 0; at < sizeBytes; at += piece.length) {
                            for (int i = 0; i < piece.length; i++) {
                                piece[i] = (byte) ((at + i) % 251);
                            }
                            sink.write(piece, 0, Math.min(piece.length, sizeBytes - at));
                        }
                    }
                };
        return call(CLIENT, new Request.Builder().url(url).post(body).build());
    }

    /** HTTP/2 without TLS. */
    static Object priorKnowledge(String url, String body) throws IOException {
        OkHttpClient client =
                CLIENT.newBuilder()
                        .protocols(Collections.singletonList(Protocol.H2_PRIOR_KNOWLEDGE))
                        .build();
        return call(client, new Request.Builder().url(url).post(RequestBody.create(TEXT, body)).build());
    }

    static Object enqueue(String url) throws Exception {
        CompletableFuture<Object> done = new CompletableFuture<>();
        CLIENT.newCall(new Request.Builder().url(url).build())
                .enqueue(
                        new Callback() {
                            @Override
                            public void onFailure(Call call, IOException failure) {
                                done.completeExceptionally(failure);
                            }

                            @Override
                            public void onResponse(Call call, Response response) throws IOException {
                                done.complete(answer(response));
                            }
                        });
        return done.get();
    }

    static Object webSocket(String url, String text) throws Exception {
        CompletableFuture<Object> done = new CompletableFuture<>();
        CLIENT.newWebSocket(
                new Request.Builder().url(url).build(),
                new WebSocketListener() {
                    @Override
                    public void onOpen(WebSocket socket, Response response) {
                        socket.send(text);
                        socket.close(1000, "done");
                    }

                    @Override
                    public void onFailure(WebSocket socket, Throwable failure, Response response) {
                        done.complete("failed " + failure);
                    }

                    @Override
                    public void onClosed(WebSocket socket, int code, String reason) {
                        done.complete("closed " + code);
                    }
                });
        return done.get();
    }

    private static Object call(OkHttpClient client, Request request) throws IOException {
        try (Response response = client.newCall(request).execute()) {
            return answer(response);
        }
    }

    private static Object answer(Response response) throws IOException {
        return response.code() + " " + response.protocol() + " " + response.body().string();
    }
}
