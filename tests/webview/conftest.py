"""The device with a real Chromium that the tests of web views share."""

from tests.virtual.conftest import adb_server as adb_server
from tests.virtual.web.conftest import web_device as web_device
