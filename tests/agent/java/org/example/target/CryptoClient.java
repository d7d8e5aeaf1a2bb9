package org.example.target;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.CipherOutputStream;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Sends what it has encrypted or digested, as SDKs do that hide what they send. */
final class CryptoClient {
    private static final byte[] KEY = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final SecretKeySpec AES = new SecretKeySpec(KEY, "AES");

    private CryptoClient() {}

    static Object send(String how, String url, String text) throws Exception {
        byte[] plain = text.getBytes(StandardCharsets.UTF_8);
        switch (how) {
            case "encrypted": // as it is
                return OkClient.post(url, cipher("AES/CBC/PKCS5Padding").doFinal(plain));
            case "streamed":
                {
                    ByteArrayOutputStream all = new ByteArrayOutputStream();
                    Cipher cipher = cipher("AES/CTR/NoPadding");
                    try (CipherOutputStream out = new CipherOutputStream(all, cipher)) {
                        for (byte one : plain) {
                            out.write(one);
                        }
                    }
                    return OkClient.post(url, all.toByteArray());
                }
            case "buffered":
                {
                    ByteBuffer out = ByteBuffer.allocateDirect(4 * plain.length + 100);
                    cipher("AES/CBC/PKCS5Padding").doFinal(ByteBuffer.wrap(plain), out);
                    byte[] all = new byte[out.flip().remaining()];
                    out.get(all);
                    return OkClient.post(url, all);
                }
            case "placed": // behind its vector, in Base64, in JSON
                {
                    Cipher cipher = cipher("AES/CBC/PKCS5Padding");
                    byte[] all = new byte[16 + cipher.getOutputSize(plain.length)];
                    System.arraycopy(cipher.getIV(), 0, all, 0, 16);
                    int half = plain.length / 2;
                    int at = 16 + cipher.update(plain, 0, half, all, 16);
                    cipher.doFinal(plain, half, plain.length - half, all, at);
                    String data = Base64.getEncoder().encodeToString(all);
                    return OkClient.post(url, ("{\"d\":\"" + data + "\"}").getBytes());
                }
            case "signed":
                {
                    Mac mac = Mac.getInstance("HmacSHA256");
                    mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
                    return OkClient.get(url + "?s=" + hex(mac.doFinal(plain)));
                }
            case "salted":
                {
                    MessageDigest digest = MessageDigest.getInstance("SHA-256");
                    digest.update(KEY);
                    return OkClient.get(url + "?s=" + hex(digest.digest(plain)));
                }
            default:
                throw new IllegalArgumentException(how);
        }
    }

    private static Cipher cipher(String name) throws Exception {
        Cipher cipher = Cipher.getInstance(name);
        cipher.init(Cipher.ENCRYPT_MODE, AES, new IvParameterSpec(new byte[16]));
        return cipher;
    }

    private static String hex(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (byte one : bytes) {
            text.append(String.format("%02x", one));
        }
        return text.toString();
    }
}
