package org.leakharness.host.shadow;

import android.app.AlarmManager;
import android.app.IAlarmManager;
import android.content.Context;
import org.leakharness.host.app.Alarms;
import org.robolectric.annotation.Implementation;
import org.robolectric.annotation.Implements;
import org.robolectric.annotation.RealObject;
import org.robolectric.shadow.api.Shadow;
import org.robolectric.util.ReflectionHelpers.ClassParameter;

/** The framework's own alarm manager, in front of our service. */
@Implements(className = "android.app.AlarmManager", isInAndroidSdk = false)
public class AlarmShadow {
  @RealObject private AlarmManager manager;

  @Implementation
  protected void __constructor__(IAlarmManager service, Context context) {
    Shadow.invokeConstructor(
        AlarmManager.class,
        manager,
        ClassParameter.from(IAlarmManager.class, Alarms.get()),
        ClassParameter.from(Context.class, context));
  }
}
