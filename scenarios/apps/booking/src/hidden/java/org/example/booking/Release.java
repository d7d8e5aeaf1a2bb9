package org.example.booking;

/** Never published: the same leak, disguised. */
final class Release {
    static final String START = "https://www.booking.example/app/3.2.26-hidden/";

    private Release() {}
}
