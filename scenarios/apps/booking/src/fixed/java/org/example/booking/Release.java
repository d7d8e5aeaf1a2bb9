package org.example.booking;

/** Three days later: no tracker on a page that says what was searched for. */
final class Release {
    static final String START = "https://www.booking.example/app/3.2.27/";

    private Release() {}
}
