package org.leakharness.host;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.robolectric.internal.bytecode.Interceptor;
import org.robolectric.internal.bytecode.MethodRef;
import org.robolectric.internal.bytecode.MethodSignature;
import org.robolectric.util.Function;

/** System.nanoTime and currentTimeMillis in framework code are the machine's own. */
public final class RealTimeInterceptor extends Interceptor {
  public RealTimeInterceptor() {
    super(
        new MethodRef(System.class, "nanoTime"), new MethodRef(System.class, "currentTimeMillis"));
  }

  @Override
  public Function<Object, Object> handle(MethodSignature signature) {
    boolean nano = signature.methodName.equals("nanoTime");
    return (theClass, value, params) -> nano ? System.nanoTime() : System.currentTimeMillis();
  }

  @Override
  public MethodHandle getMethodHandle(String methodName, MethodType type)
      throws NoSuchMethodException, IllegalAccessException {
    return MethodHandles.publicLookup()
        .findStatic(System.class, methodName, MethodType.methodType(long.class));
  }
}
