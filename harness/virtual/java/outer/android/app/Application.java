package android.app;

/**
 * Stands in for the framework class on the class path outside the sandbox, where the default of
 * Robolectric's {@code @Config} names it. Inside the sandbox the framework's own class wins.
 */
public class Application {}
