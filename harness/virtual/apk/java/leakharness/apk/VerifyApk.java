package leakharness.apk;

import com.android.apksig.ApkVerifier;
import java.io.File;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;

/**
 * Verifies the signatures of an APK: {@code APK MIN_SDK}. Prints {@code scheme=...}, {@code
 * certificate=SHA256} and {@code error=...} lines; the exit code is 0 whatever the answer.
 */
public final class VerifyApk {
    private VerifyApk() {}

    public static void main(String[] args) throws Exception {
        ApkVerifier.Result result =
                new ApkVerifier.Builder(new File(args[0]))
                        .setMinCheckedPlatformVersion(Integer.parseInt(args[1]))
                        .build()
                        .verify();
        for (ApkVerifier.IssueWithParams issue : result.getErrors()) {
            System.out.println("error=" + issue);
        }
        for (ApkVerifier.Result.V1SchemeSignerInfo signer : result.getV1SchemeSigners()) {
            for (ApkVerifier.IssueWithParams issue : signer.getErrors()) {
                System.out.println("error=" + signer.getName() + ": " + issue);
            }
        }
        if (result.isVerified()) {
            if (result.isVerifiedUsingV1Scheme()) {
                System.out.println("scheme=1");
            }
            if (result.isVerifiedUsingV2Scheme()) {
                System.out.println("scheme=2");
            }
            for (X509Certificate certificate : result.getSignerCertificates()) {
                byte[] digest =
                        MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
                StringBuilder hex = new StringBuilder();
                for (byte b : digest) {
                    hex.append(String.format("%02x", b));
                }
                System.out.println("certificate=" + hex);
            }
        }
    }
}
