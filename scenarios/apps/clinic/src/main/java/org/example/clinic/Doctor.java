package org.example.clinic;

import java.util.ArrayList;
import java.util.List;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;

/** One search result, as the backend's JSON describes it. */
final class Doctor {
    final String name;
    final String specialty;
    final String place;
    final String nextSlot;

    private Doctor(JSONObject json) throws JSONException {
        name = json.getString("name");
        specialty = json.getString("specialty");
        place = json.getString("place");
        nextSlot = json.optString("next_slot");
    }

    static List<Doctor> listFrom(String body) throws JSONException {
        JSONArray entries = new JSONObject(body).optJSONArray("doctors");
        List<Doctor> doctors = new ArrayList<>();
        for (int i = 0; entries != null && i < entries.length(); i++) {
            doctors.add(new Doctor(entries.getJSONObject(i)));
        }
        return doctors;
    }

    /** First letters of the last two words of the name, for the picture that is none. */
    String initials() {
        String[] words = name.trim().split("\\s+");
        StringBuilder letters = new StringBuilder();
        for (int i = Math.max(0, words.length - 2); i < words.length; i++) {
            if (!words[i].isEmpty()) {
                letters.appendCodePoint(words[i].codePointAt(0));
            }
        }
        return letters.toString();
    }
}
