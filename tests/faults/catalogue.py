"""The faults, one small named function each; the name is the function's.

A fault takes a stream that leaks and breaks one thing about how it was observed, judged or sent.
Where the leak's own exchange vanishes from a view, the fault leaves the trace that the part which
lost it leaves in reality (a sequence gap, a failed hook, a process without an agent).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from harness.findings.coverage import Gap, LayerState, ProcessState, Queued
from harness.traffic.exchange import Body, Exchange, Kind, Layer
from tests.faults.stream import (
    END_S,
    LAYERS,
    PACKAGE,
    START_S,
    TYPED_S,
    Fault,
    Stream,
    coverage_with,
    request,
    witnessed,
)
from tests.findings.building import check

FAULTS: dict[str, Fault] = {}


def fault(function: Fault) -> Fault:
    FAULTS[function.__name__.replace("_", " ")] = function
    return function


# ---- how it was observed -----------------------------------------------------------------------


def without_leaks(of: Stream) -> Stream:
    """The hooks' view loses what went to third parties; the witness keeps its own."""
    return replace(of, hooked=tuple(each for each in of.hooked if each not in of.leaks))


def each_leak(of: Stream, change: Callable[[Exchange], Exchange]) -> Stream:
    """Change both views of what went to third parties."""
    names = {each.id for each in of.leaks}
    seen = of.witnessed
    if seen is not None:
        seen = tuple(
            change(each) if each.id.removeprefix("witness:") in names else each for each in seen
        )
    hooked = tuple(change(each) if each.id in names else each for each in of.hooked)
    return replace(of, hooked=hooked, witnessed=seen)


def only_hooks(of: Stream, change: Callable[[Exchange], Exchange]) -> Stream:
    return replace(
        of, hooked=tuple(change(each) if each in of.leaks else each for each in of.hooked)
    )


def with_body(exchange: Exchange, body: Body) -> Exchange:
    return replace(exchange, request=replace(exchange.request, body=body))


def moved(exchange: Exchange, host: str) -> Exchange:
    url = exchange.request.url.replace(exchange.host, host, 1)
    return replace(exchange, host=host, request=replace(exchange.request, url=url))


def instead(of: Stream, *leaks: Exchange) -> Stream:
    """Something else leaks, seen by the same observers."""
    left = without_leaks(of)
    seen = of.witnessed
    if seen is not None:
        seen = tuple(witnessed(each) for each in (*left.hooked, *leaks))
    return replace(left, hooked=(*left.hooked, *leaks), witnessed=seen)


@fault
def no_hook_was_installed(of: Stream) -> Stream:
    return coverage_with(replace(of, hooked=()), layers=())


@fault
def one_hook_table_is_missing(of: Stream) -> Stream:
    dead = LayerState(Layer.TLS, False, detail="no hook of it could be installed")
    return coverage_with(without_leaks(of), layers=(LAYERS[0], dead))


@fault
def a_hook_throws(of: Stream) -> Stream:
    return coverage_with(without_leaks(of), errors=("TypeError in write()",))


@fault
def the_agent_is_killed(of: Stream) -> Stream:
    return coverage_with(without_leaks(of), detached="process-terminated")


@fault
def the_agent_is_killed_before_the_search(of: Stream) -> Stream:
    return coverage_with(replace(of, hooked=()), detached="device-lost")


@fault
def the_agent_comes_back_with_the_same_ids(of: Stream) -> Stream:
    again = tuple(replace(request("api.clinic.example", "/more"), id=each.id) for each in of.leaks)
    return replace(of, hooked=of.hooked + again)


@fault
def messages_are_dropped(of: Stream) -> Stream:
    return coverage_with(without_leaks(of), lost=1)


@fault
def messages_are_reordered(of: Stream) -> Stream:
    return replace(of, hooked=of.hooked[::-1])


@fault
def messages_are_duplicated(of: Stream) -> Stream:
    return replace(of, hooked=of.hooked * 2)


@fault
def the_witness_reports_everything_twice(of: Stream) -> Stream:
    return of if of.witnessed is None else replace(of, witnessed=of.witnessed * 2)


@fault
def bodies_are_cut(of: Stream) -> Stream:
    def cut(each: Exchange) -> Exchange:
        url = each.request.url.split("?")[0]
        short = replace(each, request=replace(each.request, url=url))
        return with_body(short, Body(b"{", 4096, "cut at 1"))

    return only_hooks(of, cut)


@fault
def bodies_are_cut_in_both_views(of: Stream) -> Stream:
    return each_leak(of, lambda each: with_body(each, Body(b"{", 4096, "cut at 1")))


@fault
def bodies_are_one_shot(of: Stream) -> Stream:
    return only_hooks(of, lambda each: with_body(each, Body(b"", 0, "one-shot body")))


@fault
def responses_never_came(of: Stream) -> Stream:
    return replace(of, hooked=tuple(replace(each, response=None) for each in of.hooked))


@fault
def the_stack_is_unknown(of: Stream) -> Stream:
    return only_hooks(of, lambda each: replace(each, stack=replace(each.stack, frames=())))


@fault
def the_witness_is_down(of: Stream) -> Stream:
    return replace(of, witnessed=(), witness_down="the proxy ended")


@fault
def the_witness_is_down_and_the_hooks_miss_it(of: Stream) -> Stream:
    return the_witness_is_down(without_leaks(of))


@fault
def a_second_process_sends(of: Stream) -> Stream:
    states = (ProcessState(PACKAGE, True), ProcessState(f"{PACKAGE}:remote", False))
    return coverage_with(without_leaks(of), processes=states)


@fault
def the_certificate_is_pinned(of: Stream) -> Stream:
    gaps = tuple(Gap(each.host, "tls-failed: unknown ca", each.started_s) for each in of.leaks)
    return coverage_with(replace(without_leaks(of), witnessed=None), unexplained=gaps)


@fault
def it_goes_over_quic(of: Stream) -> Stream:
    gap = Gap("", "12 datagrams to port 443")
    return coverage_with(replace(without_leaks(of), witnessed=None), unexplained=(gap,))


@fault
def it_goes_by_native_code(of: Stream) -> Stream:
    def opaque(each: Exchange) -> Exchange:
        body = Body(b"", 0, "encrypted by code that is not hooked")
        return replace(with_body(each, body), kind=Kind.STREAM, seen_by=(Layer.SOCKET,))

    return replace(only_hooks(of, opaque), witnessed=None)


def unwitnessed(of: Stream) -> Stream:
    """Neither the hooks nor a witness saw it."""
    return replace(without_leaks(of), witnessed=None)


@fault
def a_library_of_the_app_sends_by_itself(of: Stream) -> Stream:
    return coverage_with(unwitnessed(of), native=("libflutter.so",))


@fault
def a_web_view_has_closed_devtools(of: Stream) -> Stream:
    return coverage_with(unwitnessed(of), native=("libmonochrome_64.so",))


@fault
def the_pages_devtools_hang_up(of: Stream) -> Stream:
    dead = LayerState(Layer.WEBVIEW, False, 3, True, "the browser hung up")
    return coverage_with(unwitnessed(of), layers=(*LAYERS, dead))


@fault
def a_self_check_is_not_seen(of: Stream) -> Stream:
    blind = LayerState(Layer.TLS, False, 2, True, "a self-check through HTTPS was not seen")
    return coverage_with(unwitnessed(of), layers=(LAYERS[0], blind))


@fault
def the_witness_cannot_read_its_connection(of: Stream) -> Stream:
    if of.witnessed is None:
        return the_certificate_is_pinned(of)
    gaps = tuple(Gap(each.host, "tls-failed: unknown ca", each.started_s) for each in of.leaks)
    left = without_leaks(of)
    return replace(left, witnessed=tuple(map(witnessed, left.hooked)), gaps=gaps)


@fault
def its_waiver_has_run_out(of: Stream) -> Stream:
    waivers = [{"host": each.host, "why": "known", "until": "2020-01-01"} for each in of.leaks]
    return bodies_are_cut_in_both_views(replace(of, check=check("clinic.example", blind=waivers)))


@fault
def the_catalogue_does_not_know_the_host(of: Stream) -> Stream:
    return each_leak(of, lambda each: moved(each, "unheard-of.test"))


# ---- when it was sent --------------------------------------------------------------------------


def later(of: Stream, delay_s: float) -> Stream:
    waiting = of.leaks or of.late
    late = tuple(replace(each, started_s=each.started_s + delay_s) for each in waiting)
    left = without_leaks(of)
    seen = of.witnessed and tuple(map(witnessed, left.hooked))
    return replace(left, witnessed=seen, late=late)


@fault
def it_is_sent_beyond_the_settle_time(of: Stream) -> Stream:
    return later(of, END_S - TYPED_S)


@fault
def it_is_sent_during_the_next_search(of: Stream) -> Stream:
    return later(of, END_S - TYPED_S + 20)


@fault
def it_arrives_late_but_was_sent_in_time(of: Stream) -> Stream:
    return later(of, 0)


@fault
def it_waits_in_a_queue(of: Stream) -> Stream:
    return coverage_with(replace(without_leaks(of), witnessed=None), queued=(Queued("events.db"),))


@fault
def its_sdk_fell_silent(of: Stream) -> Stream:
    live = request("api.mixpanel.com", "/decide", at_s=START_S + 1)
    quiet = replace(without_leaks(of), witnessed=None)
    return replace(quiet, hooked=(*quiet.hooked, live))


@fault
def the_agents_clock_is_an_hour_slow(of: Stream) -> Stream:
    slow = tuple(replace(each, started_s=each.started_s - 3600) for each in of.hooked)
    return replace(of, hooked=slow)


@fault
def the_agents_clock_is_an_hour_fast(of: Stream) -> Stream:
    fast = tuple(replace(each, started_s=each.started_s + 3600) for each in of.hooked)
    return replace(of, hooked=fast)


@fault
def the_witnesss_clock_is_an_hour_fast(of: Stream) -> Stream:
    if of.witnessed is None:
        return of
    return replace(
        of, witnessed=tuple(replace(each, started_s=each.started_s + 3600) for each in of.witnessed)
    )


# ---- what was typed ----------------------------------------------------------------------------


@fault
def the_text_was_altered_by_autocorrect(of: Stream) -> Stream:
    outcome = replace(of.outcome, typing_confirmed=False, typing_detail="'hépatites'")
    return replace(without_leaks(of), witnessed=None, outcome=outcome)


@fault
def nothing_was_typed(of: Stream) -> Stream:
    return replace(of, typed_s=None)


@fault
def the_search_was_never_submitted(of: Stream) -> Stream:
    return replace(of, hooked=(), witnessed=None if of.witnessed is None else ())


@fault
def a_step_failed(of: Stream) -> Stream:
    outcome = replace(of.outcome, failed_steps=("tapOn: not found",))
    return replace(without_leaks(of), witnessed=None, outcome=outcome)


@fault
def the_app_crashed(of: Stream) -> Stream:
    outcome = replace(of.outcome, crashed="NullPointerException")
    return replace(without_leaks(of), witnessed=None, outcome=outcome)
