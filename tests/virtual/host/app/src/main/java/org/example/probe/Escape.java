package org.example.probe;

import android.net.LocalSocket;
import android.net.LocalSocketAddress;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.Proxy;
import java.net.Socket;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.concurrent.ExecutionException;

/** Ways to the network that do not ask for a proxy. */
enum Escape {
    SOCKET {
        @Override
        void go(String address, int port) throws IOException {
            send(new Socket(), address, port);
        }
    },
    SOCKET_NO_PROXY {
        @Override
        void go(String address, int port) throws IOException {
            send(new Socket(Proxy.NO_PROXY), address, port);
        }
    },
    CHANNEL {
        @Override
        void go(String address, int port) throws IOException {
            SocketChannel.open(new InetSocketAddress(address, port)).write(ByteBuffer.wrap(WORD));
        }
    },
    ASYNC_CHANNEL {
        @Override
        void go(String address, int port) throws IOException {
            try {
                AsynchronousSocketChannel channel = AsynchronousSocketChannel.open();
                channel.connect(new InetSocketAddress(address, port)).get();
                channel.write(ByteBuffer.wrap(WORD)).get();
            } catch (InterruptedException | ExecutionException failure) {
                throw new IOException(failure);
            }
        }
    },
    DATAGRAM {
        @Override
        void go(String address, int port) throws IOException {
            new DatagramSocket()
                    .send(new DatagramPacket(WORD, WORD.length, InetAddress.getByName(address), port));
        }
    },
    DATAGRAM_CHANNEL {
        @Override
        void go(String address, int port) throws IOException {
            DatagramChannel.open().send(ByteBuffer.wrap(WORD), new InetSocketAddress(address, port));
        }
    },
    CLEARTEXT {
        @Override
        void go(String address, int port) throws IOException {
            new URL("http://plain.example.org/").openConnection().getInputStream();
        }
    },
    NAME {
        @Override
        void go(String address, int port) throws IOException {
            InetAddress.getByName("leak.example.invalid");
        }
    },
    MULTICAST {
        @Override
        void go(String address, int port) throws IOException {
            InetAddress group = InetAddress.getByName("224.0.0.251");
            new MulticastSocket().send(new DatagramPacket(WORD, WORD.length, group, port));
        }
    },
    /** Past our provider of channels, by reflection into the JDK: only the kernel is left. */
    JDK_CHANNEL {
        @Override
        void go(String address, int port) throws IOException {
            provider().openSocketChannel().connect(new InetSocketAddress(address, port));
        }
    },
    JDK_DATAGRAM_CHANNEL {
        @Override
        void go(String address, int port) throws IOException {
            provider()
                    .openDatagramChannel()
                    .send(ByteBuffer.wrap(WORD), new InetSocketAddress(address, port));
        }
    },
    PROGRAM {
        @Override
        void go(String address, int port) throws IOException {
            Runtime.getRuntime().exec(new String[] {"curl", "http://" + address + ":" + port});
        }
    },
    /** What shells and their tools would do. */
    NETCAT {
        @Override
        void go(String address, int port) throws IOException {
            Runtime.getRuntime().exec(new String[] {"nc", address, String.valueOf(port)});
        }
    },
    SHELL {
        @Override
        void go(String address, int port) throws IOException {
            String line = "echo escaped >/dev/tcp/" + address + "/" + port + " && curl " + address;
            new ProcessBuilder("/bin/sh", "-c", line).start();
        }
    },
    /** A client that refuses the system's proxy still goes through ours. */
    HTTPS_NO_PROXY {
        @Override
        void go(String address, int port) throws IOException {
            new URL("https://direct.probe.example/suche?wort=x")
                    .openConnection(Proxy.NO_PROXY)
                    .getInputStream()
                    .close();
        }
    },
    /** As QUIC begins: a long header and padding to 1200 bytes, to the port of HTTPS. */
    QUIC {
        @Override
        void go(String address, int port) throws IOException {
            byte[] initial = new byte[1200];
            initial[0] = (byte) 0xc3;
            initial[4] = 1;
            try (DatagramSocket socket = new DatagramSocket()) {
                socket.connect(new InetSocketAddress(address, port));
                socket.send(new DatagramPacket(initial, initial.length));
            }
        }
    },
    LOCAL_SOCKET {
        @Override
        void go(String address, int port) throws IOException {
            new LocalSocket().connect(new LocalSocketAddress("nobody"));
        }
    },
    OWN_PROXY {
        @Override
        void go(String address, int port) throws IOException {
            Proxy own = new Proxy(Proxy.Type.HTTP, new InetSocketAddress(address, port));
            new URL("https://own.example.org/").openConnection(own).getInputStream();
        }
    };

    private static final byte[] WORD = "escaped".getBytes();

    abstract void go(String address, int port) throws IOException;

    private static SelectorProvider provider() throws IOException {
        try {
            Class<?> jdk = Class.forName("sun.nio.ch.DefaultSelectorProvider");
            return (SelectorProvider) jdk.getMethod("get").invoke(null);
        } catch (ReflectiveOperationException hidden) {
            throw new IOException(hidden);
        }
    }

    private static void send(Socket socket, String address, int port) throws IOException {
        try (Socket open = socket) {
            open.connect(new InetSocketAddress(address, port), 5000);
            open.getOutputStream().write(WORD);
        }
    }
}
