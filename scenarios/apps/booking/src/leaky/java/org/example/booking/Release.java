package org.example.booking;

/** The release that was tested in June 2021: its pages carry trackers everywhere. */
final class Release {
    static final String START = "https://www.booking.example/app/3.2.26/";

    private Release() {}
}
