package org.example.parts;

import android.content.Context;

/** Feature code implements it; the static method is called through the interface. */
public interface Described {
    String describe(Context context);

    static String marked(String text) {
        return "[" + text + "]";
    }
}
