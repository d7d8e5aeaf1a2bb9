from __future__ import annotations

from harness.virtual.apk.rejections import InstallRejected, NoCertificates, NoMatchingAbi


def test_every_refusal_has_a_reason_that_android_knows() -> None:
    for kind in InstallRejected.__subclasses__():
        assert kind.reason.startswith(("INSTALL_PARSE_FAILED_", "INSTALL_FAILED_")), kind
        assert "{path}" not in kind().text("/data/app/x/base.apk")


def test_texts_seen_on_devices() -> None:
    path = "/data/app/vmdl128081372.tmp/base.apk"
    assert NoCertificates("any detail").text(path) == (
        "INSTALL_PARSE_FAILED_NO_CERTIFICATES: Failed to collect certificates from "
        "/data/app/vmdl128081372.tmp/base.apk: Attempt to get length of null array"
    )
    assert NoMatchingAbi().text(path) == (
        "INSTALL_FAILED_NO_MATCHING_ABIS: Failed to extract native libraries, res=-113"
    )


def test_the_detail_is_in_the_message_for_people() -> None:
    assert "any detail" in str(NoCertificates("any detail"))
