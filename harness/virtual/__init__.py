"""The embedded Android device: toolchain, APK builder and converter, host, adbd, internet."""
