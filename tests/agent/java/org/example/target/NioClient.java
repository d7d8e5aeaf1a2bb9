package org.example.target;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.Provider;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** Sends over NIO. */
final class NioClient {
    private NioClient() {}

    /** Writes {@code text} to {@code host:port} and gives the first byte of the answer. */
    static Object write(String how, String address, String text) throws Exception {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer answer = ByteBuffer.allocate(1);
        if (how.equals("async")) {
            try (AsynchronousSocketChannel channel = AsynchronousSocketChannel.open()) {
                channel.connect(peer(address)).get();
                ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
                while (buffer.hasRemaining()) {
                    channel.write(buffer).get();
                }
                channel.read(answer).get();
                return (int) answer.get(0);
            }
        }
        try (SocketChannel channel = SocketChannel.open(peer(address))) {
            if (how.equals("adaptor")) {
                channel.socket().getOutputStream().write(bytes, 0, bytes.length);
                return channel.socket().getInputStream().read();
            }
            int half = bytes.length / 2;
            ByteBuffer first = ByteBuffer.wrap(bytes, 0, half).asReadOnlyBuffer();
            ByteBuffer second = ByteBuffer.wrap(bytes, half, bytes.length - half);
            if (how.equals("gather")) {
                ByteBuffer[] all = {ByteBuffer.allocate(0), first, second};
                while (second.hasRemaining()) {
                    channel.write(all, 1, 2);
                }
            } else {
                write(channel, first);
                write(channel, second);
            }
            channel.read(answer);
            return (int) answer.get(0);
        }
    }

    private static void write(SocketChannel channel, ByteBuffer buffer) throws Exception {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    static Object datagram(String how, String address, String text) throws Exception {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (how.equals("packet")) {
            try (DatagramSocket socket = new DatagramSocket()) {
                socket.send(new DatagramPacket(bytes, bytes.length, peer(address)));
                socket.connect(peer(address));
                socket.send(new DatagramPacket(bytes, 1, bytes.length - 1));
            }
        } else {
            try (DatagramChannel channel = DatagramChannel.open()) {
                channel.send(ByteBuffer.wrap(bytes), peer(address));
                channel.connect(peer(address));
                channel.write(ByteBuffer.wrap(bytes, 1, bytes.length - 1));
            }
        }
        return bytes.length;
    }

    /** Nanoseconds that the look-up of a literal address takes, each of {@code count}. */
    static Object literals(int count) throws Exception {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < count; i++) {
            long began = System.nanoTime();
            java.net.InetAddress.getAllByName("127.0.0.1");
            all.append(' ').append(System.nanoTime() - began);
        }
        return all;
    }

    /** Nanoseconds that each small datagram takes; {@code rest}: how many, and text for each. */
    static Object burst(String address, String rest) throws Exception {
        String[] words = rest.split(" ", 2);
        byte[] bytes = words[1].getBytes(StandardCharsets.UTF_8);
        StringBuilder all = new StringBuilder();
        try (DatagramSocket socket = new DatagramSocket()) {
            DatagramPacket packet = new DatagramPacket(bytes, bytes.length, peer(address));
            for (int i = 0; i < Integer.parseInt(words[0]); i++) {
                long began = System.nanoTime();
                socket.send(packet);
                all.append(' ').append(System.nanoTime() - began);
            }
        }
        return all;
    }

    /** By the JDK's own client: NIO channels and an {@code SSLEngine}. */
    static Object http(String url, String body) throws Exception {
        SSLContext tls = tls();
        tls.init(null, new TrustManager[] {Target.ANYBODY}, null);
        HttpClient client = HttpClient.newBuilder().sslContext(tls).build();
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        HttpResponse<String> answer =
                client.send(request, HttpResponse.BodyHandlers.ofString());
        return answer.statusCode() + " " + answer.body();
    }

    private static SSLContext tls() throws Exception {
        String provider = System.getProperty("target.provider");
        if (provider == null) {
            return SSLContext.getInstance("TLS");
        }
        Object made = Class.forName(provider).getConstructor().newInstance();
        return SSLContext.getInstance("TLS", (Provider) made);
    }

    private static InetSocketAddress peer(String address) {
        String[] parts = address.split(":");
        return new InetSocketAddress(parts[0], Integer.parseInt(parts[1]));
    }
}
