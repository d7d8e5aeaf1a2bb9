package org.leakharness.host.shadow;

/**
 * Our shadows, which take the place of Robolectric's: one registration line each.
 *
 * <p>They are read outside the sandbox, where no framework class exists: each names what it shadows
 * by text, never by class literal.
 */
public final class Shadows {
  private Shadows() {}

  public static Class<?>[] all() {
    return new Class<?>[] {
      ClockShadow.class,
      MessageQueueShadow.class,
      VsyncShadow.class,
      LogShadow.class,
      ProcessShadow.class,
      KeyMapShadow.class,
      ActivityShadow.class,
      AccessibilityShadow.class,
      WebViewShadow.class,
      WebViewFactoryShadow.class,
      WebSettingsShadow.class,
      CookieManagerShadow.class,
      JsResultShadow.class,
      JsPromptResultShadow.class,
      PackageParserShadow.class,
      ContextShadow.class,
      ServiceShadow.class,
      JobShadow.class,
      JobServiceShadow.class,
      AlarmShadow.class,
    };
  }
}
