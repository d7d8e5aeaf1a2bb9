package org.leakharness.host.app;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.leakharness.host.link.Json;
import org.leakharness.host.link.Link;
import org.leakharness.host.link.Refusal;
import org.leakharness.host.link.Request;

/**
 * Serves requests: each on a thread of its own, so that one that waits holds up no other, and each
 * gets exactly one answer whatever happens.
 */
final class Commands implements Link.Server {
  /** What a command gives back. */
  static final class Answer {
    static final byte[] NOTHING = new byte[0];
    final Map<String, Object> result;
    final byte[] blob;

    private Answer(Map<String, Object> result, byte[] blob) {
      this.result = result;
      this.blob = blob;
    }

    static Answer done() {
      return new Answer(Json.object(), NOTHING);
    }

    static Answer of(Map<String, Object> result) {
      return new Answer(result, NOTHING);
    }

    static Answer of(byte[] blob) {
      return new Answer(Json.object(), blob);
    }
  }

  /** One command. */
  interface Command {
    Answer run(Request request) throws Exception;
  }

  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "command");
            thread.setDaemon(true);
            return thread;
          });
  private final Map<String, Command> table = new HashMap<>();
  private final AppCommands app = new AppCommands();

  Commands() {
    table.put("debugger_attached", app::debuggerAttached);
    table.put("start_activity", app::startActivity);
    table.put("input_tap", app::tap);
    table.put("input_swipe", app::swipe);
    table.put("input_text", app::text);
    table.put("input_keyevent", app::keyEvent);
    table.put("dump_hierarchy", app::dump);
    table.put("screenshot", app::screenshot);
    table.put("home", app::home);
    table.put("back", app::back);
    table.put("focus_info", app::focus);
    table.put("windows", app::windows);
    table.put("ime_state", app::ime);
    table.put("memory", app::memory);
    table.put("broadcast", app::broadcast);
    table.put("start_service", app::startService);
    table.put("stop_service", app::stopService);
    table.put("services", app::services);
    table.put("set_permission", app::setPermission);
    table.put("shutdown", app::shutdown);
  }

  @Override
  public void serve(Request request) {
    if (request.command.equals("bind")) {
      if (BoundApp.isBound()) {
        Link.channel.fail(request.id, "already_bound", "this is " + BoundApp.packageName());
      } else {
        Link.BIND.add(request);
      }
      return;
    }
    Command command = table.get(request.command);
    if (command == null) {
      Link.channel.fail(request.id, "unknown_command", request.command);
      return;
    }
    threads.execute(() -> answer(request, command));
  }

  private void answer(Request request, Command command) {
    try {
      Answer answer = command.run(request);
      Link.channel.answer(request.id, answer.result, answer.blob);
    } catch (Refusal refusal) {
      Link.channel.fail(request.id, refusal.kind, refusal.getMessage());
    } catch (Throwable failure) {
      Link.channel.fail(request.id, "internal", android.util.Log.getStackTraceString(failure));
    }
  }
}
