package leakharness.apk;

import com.android.apksig.ApkSigner;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collections;

/** Signs an APK (v1 and v2): {@code IN OUT KEY_AND_CERTIFICATE_PEM MIN_SDK}. RSA keys only. */
public final class SignApk {
    private SignApk() {}

    public static void main(String[] args) throws Exception {
        String pem = new String(Files.readAllBytes(Paths.get(args[2])), StandardCharsets.US_ASCII);
        PrivateKey key =
                KeyFactory.getInstance("RSA")
                        .generatePrivate(new PKCS8EncodedKeySpec(block(pem, "PRIVATE KEY")));
        X509Certificate certificate =
                (X509Certificate)
                        CertificateFactory.getInstance("X.509")
                                .generateCertificate(
                                        new ByteArrayInputStream(block(pem, "CERTIFICATE")));
        ApkSigner.SignerConfig signer =
                new ApkSigner.SignerConfig.Builder(
                                "LEAK", key, Collections.singletonList(certificate))
                        .build();
        new ApkSigner.Builder(Collections.singletonList(signer))
                .setInputApk(new File(args[0]))
                .setOutputApk(new File(args[1]))
                .setMinSdkVersion(Integer.parseInt(args[3]))
                .setV1SigningEnabled(true)
                .setV2SigningEnabled(true)
                .setOtherSignersSignaturesPreserved(false)
                .build()
                .sign();
    }

    private static byte[] block(String pem, String label) {
        String begin = "-----BEGIN " + label + "-----";
        int from = pem.indexOf(begin) + begin.length();
        int to = pem.indexOf("-----END " + label + "-----");
        return Base64.getMimeDecoder().decode(pem.substring(from, to));
    }
}
