package org.example.clinic;

import java.util.HashMap;
import java.util.Map;

/** What the analytics event of a search says. This flavour keeps what people typed to itself. */
final class SearchEvent {
    static final String NAME = "Search Submitted";

    private SearchEvent() {}

    static Map<String, Object> properties(String query) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("screen", "search");
        return properties;
    }
}
