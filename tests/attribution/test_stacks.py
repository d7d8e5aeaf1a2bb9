"""Whose code sent it, on stacks that people posted from real apps (the issue is named at each)."""

from __future__ import annotations

import pytest

from harness.attribution.catalogue import Catalogue
from harness.attribution.stacks import class_of, passes_through, passing, sender
from harness.traffic.exchange import Stack

CATALOGUE = Catalogue.load()

MIXPANEL = Stack(
    (
        "com.android.okhttp.internal.huc.HttpURLConnectionImpl.getOutputStream"
        "(HttpURLConnectionImpl.java:245)",
        "com.mixpanel.android.util.HttpService.performRequest(HttpService.java:83)",
        "com.mixpanel.android.mpmetrics.AnalyticsMessages$Worker$AnalyticsMessageHandler.sendData"
        "(AnalyticsMessages.java:423)",
        "android.os.Handler.dispatchMessage(Handler.java:102)",
        "android.os.Looper.loop(Looper.java:148)",
    )
)
"""github.com/kickstarter/android-oss/issues/83."""

AMPLITUDE = Stack(
    (
        "okio.Buffer.readByte(Buffer.java:280)",
        "com.squareup.okhttp.HttpUrl.canonicalize(HttpUrl.java:1594)",
        "com.squareup.okhttp.FormEncodingBuilder.add(FormEncodingBuilder.java:38)",
        "com.amplitude.api.AmplitudeClient.makeEventUploadPostRequest(AmplitudeClient.java:886)",
        "com.amplitude.api.AmplitudeClient$8.run(AmplitudeClient.java:816)",
        "android.os.Handler.handleCallback(Handler.java:808)",
    )
)
"""github.com/amplitude/Amplitude-Android/issues/80."""

AMPLITUDE_KOTLIN = Stack(
    (
        "org.json.JSON.typeMismatch(JSON.java:112)",
        "com.amplitude.core.utilities.HttpResponse.createHttpResponse(Response.kt:14)",
        "com.amplitude.core.utilities.HttpClient$upload$1.close(HttpClient.kt:40)",
        "com.amplitude.core.platform.EventPipeline$upload$1.invokeSuspend(EventPipeline.kt:142)",
        "kotlin.coroutines.jvm.internal.BaseContinuationImpl.resumeWith(ContinuationImpl.kt:33)",
    )
)
"""github.com/amplitude/Amplitude-Flutter/issues/208."""

COUNTLY = Stack(
    (
        "com.android.okhttp.internal.huc.HttpURLConnectionImpl.connect"
        "(HttpURLConnectionImpl.java:135)",
        "ly.count.android.sdk.ConnectionProcessor.urlConnectionForServerRequest"
        "(ConnectionProcessor.java:139)",
        "ly.count.android.sdk.ConnectionProcessor.run(ConnectionProcessor.java:329)",
        "java.util.concurrent.ThreadPoolExecutor.runWorker(ThreadPoolExecutor.java:1167)",
    )
)
"""Class and method names of countly-sdk-android's ConnectionProcessor."""

APP_THROUGH_FIREBASE = Stack(
    (
        "okhttp3.internal.http.RealInterceptorChain.proceed(RealInterceptorChain.kt:109)",
        "okhttp3.internal.connection.RealCall.getResponseWithInterceptorChain$okhttp"
        "(RealCall.kt:201)",
        "okhttp3.internal.connection.RealCall.execute(RealCall.kt:154)",
        "com.google.firebase.perf.network.FirebasePerfOkHttpClient.execute"
        "(FirebasePerfOkHttpClient.java:44)",
        "retrofit2.OkHttpCall.execute(OkHttpCall.java:204)",
        "retrofit2.adapter.rxjava3.CallExecuteObservable.subscribeActual"
        "(CallExecuteObservable.java:46)",
    )
)
"""github.com/DataDog/dd-sdk-android/issues/1723: the app's own request, measured by an SDK."""

SENTRY_FRAME = (
    "io.sentry.android.okhttp.SentryOkHttpInterceptor.intercept(SentryOkHttpInterceptor.kt:83)"
)


@pytest.mark.parametrize(
    ("stack", "sdk", "frame"),
    [
        (MIXPANEL, "mixpanel", "HttpService.performRequest"),
        (AMPLITUDE, "amplitude-legacy", "makeEventUploadPostRequest"),
        (AMPLITUDE_KOTLIN, "amplitude-kotlin", "createHttpResponse"),
        (COUNTLY, "countly", "urlConnectionForServerRequest"),
    ],
)
def test_the_innermost_frame_of_an_sdk_names_the_sender(stack: Stack, sdk: str, frame: str) -> None:
    found = sender(stack, CATALOGUE)
    assert found is not None
    assert found.sdk.id == sdk
    assert frame in found.frame


def test_measuring_somebody_elses_request_is_not_sending() -> None:
    assert sender(APP_THROUGH_FIREBASE, CATALOGUE) is None
    assert [sdk.id for sdk in passing(APP_THROUGH_FIREBASE, CATALOGUE)] == [
        "google-firebase-performance"
    ]


def test_an_interceptor_hides_no_sender_behind_it() -> None:
    """Sentry's interceptor in the client that Mixpanel's code was given."""
    stack = Stack((SENTRY_FRAME, *MIXPANEL.frames))
    found = sender(stack, CATALOGUE)
    assert found is not None
    assert found.sdk.id == "mixpanel"
    assert [sdk.id for sdk in passing(stack, CATALOGUE)] == ["sentry"]


def test_an_interceptor_passed_twice_is_told_once() -> None:
    stack = Stack((SENTRY_FRAME, SENTRY_FRAME))
    assert len(passing(stack, CATALOGUE)) == 1


def test_the_code_that_scheduled_the_work_answers_when_the_worker_does_not() -> None:
    pool = "java.util.concurrent.ThreadPoolExecutor.runWorker(ThreadPoolExecutor.java:1167)"
    stack = Stack((pool,), (AMPLITUDE.frames, MIXPANEL.frames))
    found = sender(stack, CATALOGUE)
    assert found is not None
    assert found.sdk.id == "amplitude-legacy"


def test_the_apps_own_package_is_the_app_even_where_the_catalogue_knows_it() -> None:
    """An SDK maker's own app; a package that merely begins alike stays the SDK's."""
    assert sender(MIXPANEL, CATALOGUE, "com.mixpanel.android") is None
    assert sender(MIXPANEL, CATALOGUE, "com.mixpanel.and") is not None


@pytest.mark.parametrize(
    "frames",
    [
        (),
        ("", "no frame", "(Unknown Source)"),
        ("a.b.c.d(Unknown Source:4)", "okhttp3.RealCall.execute(RealCall.java:77)"),
    ],
)
def test_shrunk_or_missing_frames_name_nobody(frames: tuple[str, ...]) -> None:
    assert sender(Stack(frames), CATALOGUE) is None
    assert passing(Stack(frames), CATALOGUE) == ()


@pytest.mark.parametrize(
    ("frame", "name"),
    [
        ("com.a.B.run(B.java:3)", "com.a.B"),
        ("\tat com.a.B$1.<init>(B.java:3)".strip(), "com.a.B$1"),
        ("com.a.B.native(Native Method)", "com.a.B"),
        ("java.base/java.lang.Thread.run(Thread.java:840)", "java.lang.Thread"),
        ("com.a.B-IA.-$$Nest$mgo(Unknown Source:0)", "com.a.B-IA"),
        ("com.a.BKt$lambda-1$1.invoke(B.kt:9)", "com.a.BKt$lambda-1$1"),
        ("com.a.B.run", "com.a.B"),
        ("... 12 more", ""),
        ("Caused by: java.io.IOException: a.b(c)", ""),
    ],
)
def test_class_of_a_frame(frame: str, name: str) -> None:
    """Java's notation (`StackTraceElement.toString`), with modules, lambdas and accessors."""
    assert class_of(frame) == name


def test_what_passes_through() -> None:
    assert passes_through(SENTRY_FRAME)
    assert passes_through("com.x.Tracing.intercept(Tracing.kt:1)")
    assert passes_through("com.datadog.android.okhttp.DatadogInterceptor.sendSpan(D.kt:1)")
    assert not passes_through("com.mixpanel.android.util.HttpService.performRequest(H.java:1)")
    assert not passes_through("nonsense")
