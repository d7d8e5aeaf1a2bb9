package org.example.target;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.Socket;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * A plain JVM program that sends what it is told on its standard input, one command a line:
 * {@code name url rest}. It answers each with one line: {@code ok ...} or {@code threw ...}.
 */
public final class Target {
    private static final ExecutorService POOL = Executors.newFixedThreadPool(2);
    private static final ScheduledExecutorService TIMER = Executors.newScheduledThreadPool(1);

    private Target() {}

    public static void main(String[] arguments) throws Exception {
        trustAnybody();
        PrintStream out = new PrintStream(System.out, true, "UTF-8");
        BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        out.println("ready");
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] parts = line.split(" ", 3);
            String rest = parts.length > 2 ? parts[2] : "";
            try {
                out.println("ok " + run(parts[0], parts[1], rest));
            } catch (Throwable thrown) {
                out.println("threw " + thrown + " caused by " + thrown.getCause());
            }
        }
        System.exit(0);
    }

    private static Object run(String name, String url, String rest) throws Exception {
        switch (name) {
            case "collect":
                System.gc();
                return "collected";
            case "get":
                return OkClient.get(url);
            case "post":
                return OkClient.post(url, rest.getBytes(StandardCharsets.UTF_8));
            case "once":
                return OkClient.once(url, Integer.parseInt(rest));
            case "prior":
                return OkClient.priorKnowledge(url, rest);
            case "socket":
                return OkClient.webSocket(url, rest);
            case "enqueue":
                return enqueueFromSearch(url);
            case "submit":
                return submitFromSearch(url);
            case "execute":
                return waitFor(done -> POOL.execute(() -> done.run(() -> OkClient.get(url))));
            case "thread":
                return waitFor(done -> new Thread(() -> done.run(() -> OkClient.get(url))).start());
            case "supply":
                return CompletableFuture.supplyAsync(() -> quiet(() -> OkClient.get(url))).get();
            case "schedule":
                return TIMER.schedule(() -> OkClient.get(url), 10, TimeUnit.MILLISECONDS).get();
            case "nested":
                return nestedFromSearch(url);
            case "huc":
                return connection(url, rest);
            case "raw":
                return raw(url, rest);
            case "channel":
            case "gather":
            case "adaptor":
            case "async":
                return NioClient.write(name, url, rest);
            case "packet":
            case "packets":
                return NioClient.datagram(name, url, rest);
            case "client":
                return NioClient.http(url, rest);
            case "lookup":
                return java.net.InetAddress.getByName(url);
            case "encrypted":
            case "streamed":
            case "buffered":
            case "placed":
            case "signed":
            case "salted":
                return CryptoClient.send(name, url, rest);
            case "many":
                return many(url, Integer.parseInt(rest));
            case "literals":
                return NioClient.literals(Integer.parseInt(rest));
            case "burst":
                return NioClient.burst(url, rest);
            case "posts":
                return posts(url, rest);
            case "load":
                return LateClient.load(rest);
            case "late":
                return LateClient.get(url);
            case "timed":
                return timed(url, Integer.parseInt(rest));
            default:
                throw new IllegalArgumentException(name);
        }
    }

    private static Object enqueueFromSearch(String url) throws Exception {
        return OkClient.enqueue(url);
    }

    private static Object submitFromSearch(String url) throws Exception {
        return POOL.submit(() -> OkClient.get(url)).get();
    }

    private static Object nestedFromSearch(String url) throws Exception {
        Future<Future<Object>> outer =
                POOL.submit(() -> POOL.submit((Callable<Object>) () -> OkClient.get(url)));
        return outer.get().get();
    }

    private static Object connection(String url, String body) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) new URL(url).openConnection();
        if (!body.isEmpty()) {
            connection.setDoOutput(true);
            try (OutputStream out = connection.getOutputStream()) {
                out.write(body.getBytes(StandardCharsets.UTF_8));
            }
        }
        return connection.getResponseCode();
    }

    /** Writes {@code text} to {@code host:port}, in TLS if the address begins with {@code tls:}. */
    private static Object raw(String address, String text) throws IOException {
        String[] parts = address.replace("tls:", "").split(":");
        int port = Integer.parseInt(parts[1]);
        Socket socket =
                address.startsWith("tls:")
                        ? HttpsURLConnection.getDefaultSSLSocketFactory().createSocket(parts[0], port)
                        : new Socket(parts[0], port);
        try (Socket closed = socket) {
            closed.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            closed.getOutputStream().flush();
            return closed.getInputStream().read();
        }
    }

    private static Object many(String url, int count) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        Future<?>[] all = new Future<?>[count];
        for (int i = 0; i < count; i++) {
            String each = url + "?n=" + i;
            all[i] = pool.submit(() -> OkClient.get(each));
        }
        for (Future<?> one : all) {
            one.get();
        }
        pool.shutdown();
        return count;
    }

    /** Nanoseconds that {@code count} requests take, one after the other. */
    private static Object timed(String url, int count) throws Exception {
        long began = System.nanoTime();
        for (int i = 0; i < count; i++) {
            OkClient.get(url);
        }
        return System.nanoTime() - began;
    }

    /** Nanoseconds that posts of {@code "count size"} take. */
    private static Object posts(String url, String rest) throws Exception {
        String[] words = rest.split(" ");
        byte[] body = new byte[Integer.parseInt(words[1])];
        long began = System.nanoTime();
        for (int i = 0; i < Integer.parseInt(words[0]); i++) {
            OkClient.post(url, body);
        }
        return System.nanoTime() - began;
    }

    private interface Work {
        Object call() throws Exception;
    }

    private interface Start {
        void with(Done done);
    }

    private static final class Done {
        private final CountDownLatch latch = new CountDownLatch(1);
        private final AtomicReference<Object> result = new AtomicReference<>();

        void run(Work work) {
            result.set(quiet(work));
            latch.countDown();
        }
    }

    private static Object waitFor(Start start) throws InterruptedException {
        Done done = new Done();
        start.with(done);
        done.latch.await();
        return done.result.get();
    }

    private static Object quiet(Work work) {
        try {
            return work.call();
        } catch (Exception failure) {
            return failure.toString();
        }
    }

    static SSLSocketFactory sockets() {
        return HttpsURLConnection.getDefaultSSLSocketFactory();
    }

    static final X509TrustManager ANYBODY =
            new X509TrustManager() {
                @Override
                public void checkClientTrusted(
                        java.security.cert.X509Certificate[] chain, String kind) {}

                @Override
                public void checkServerTrusted(
                        java.security.cert.X509Certificate[] chain, String kind) {}

                @Override
                public java.security.cert.X509Certificate[] getAcceptedIssuers() {
                    return new java.security.cert.X509Certificate[0];
                }
            };

    private static void trustAnybody() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {ANYBODY}, null);
        HttpsURLConnection.setDefaultSSLSocketFactory(context.getSocketFactory());
        HttpsURLConnection.setDefaultHostnameVerifier((host, session) -> true);
    }
}
