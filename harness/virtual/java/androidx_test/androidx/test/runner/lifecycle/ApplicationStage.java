package androidx.test.runner.lifecycle;

/** Name and signatures that Robolectric links against; androidx.test is in no public registry. */
public enum ApplicationStage {
  PRE_ON_CREATE,
  CREATED
}
