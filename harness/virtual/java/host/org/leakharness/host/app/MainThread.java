package org.leakharness.host.app;

import android.os.Handler;
import android.os.Looper;
import android.util.Log;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.leakharness.host.link.Refusal;

/** Runs pieces of a command on the app's main thread, with a deadline that always holds. */
final class MainThread {
  private final Handler handler = Handler.createAsync(Looper.getMainLooper());
  private final Thread thread = Looper.getMainLooper().getThread();

  Handler handler() {
    return handler;
  }

  /** Our own work: an exception is the command's answer, never a crash of the app. */
  <T> T call(long timeoutMs, Callable<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    post(
        handler,
        () -> {
          try {
            result.complete(work.call());
          } catch (Throwable failure) {
            result.completeExceptionally(failure);
          }
        });
    return await(result, timeoutMs);
  }

  /** Work that runs the app's code: an exception is the app's and crashes it, as on a phone. */
  void run(long timeoutMs, Runnable work) {
    CompletableFuture<Void> result = new CompletableFuture<>();
    post(
        handler,
        () -> {
          try {
            work.run();
          } catch (Refusal refusal) {
            result.completeExceptionally(refusal);
            return;
          }
          result.complete(null);
        });
    await(result, timeoutMs);
  }

  /** Returns when everything that is now in the queue and due has been run. */
  void barrier(long timeoutMs) {
    CompletableFuture<Void> passed = new CompletableFuture<>();
    post(new Handler(Looper.getMainLooper()), () -> passed.complete(null));
    await(passed, timeoutMs);
  }

  /** Of a main thread that has died nobody waits for an answer: the process ends with it. */
  private static void post(Handler handler, Runnable work) {
    try {
      handler.post(work);
    } catch (IllegalStateException dead) {
      // Robolectric's queue says so by throwing, Android's by returning false: both mean a crash,
      // which `Crash` reports before it ends the process.
      Log.d("leak-host", "the main thread has ended", dead);
    }
  }

  <T> T await(CompletableFuture<T> result, long timeoutMs) {
    try {
      return result.get(timeoutMs, TimeUnit.MILLISECONDS);
    } catch (TimeoutException busy) {
      throw new Refusal("main_thread_busy", "the main thread is busy for " + timeoutMs + " ms in\n"
          + stack());
    } catch (InterruptedException interrupt) {
      throw new Refusal("internal", "interrupted");
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof Refusal) {
        throw (Refusal) failure.getCause();
      }
      throw new IllegalStateException(failure.getCause());
    }
  }

  private String stack() {
    StringBuilder text = new StringBuilder();
    for (StackTraceElement frame : thread.getStackTrace()) {
      text.append("\tat ").append(frame).append('\n');
    }
    return text.toString();
  }
}
