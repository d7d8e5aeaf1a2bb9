package org.example.parts.feature;

import android.content.Context;
import org.example.parts.Described;
import org.example.parts.feature_res.R;

public final class Feature implements Described {
    @Override
    public String describe(Context context) {
        return Described.marked(context.getString(R.string.from_feature));
    }
}
