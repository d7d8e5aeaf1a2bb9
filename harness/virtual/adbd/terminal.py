"""The line discipline of a pseudo terminal, as far as `adb shell` without a command needs it.

Typed bytes are echoed and edited (backspace, ^U), a line goes to the shell at Enter, ^D ends the
input, ^C drops the line; output gets `\\r\\n` line ends (termios ICANON, ECHO, ICRNL, ONLCR).
Signals to a running command, window size and full-screen programs are not imitated.
"""

from __future__ import annotations

from harness.virtual.shell.pipes import Pipe, Sink

_ERASE, _KILL, _EOF, _INTERRUPT = (0x08, 0x7F), 0x15, 0x04, 0x03
_ENTER = (0x0D, 0x0A)


class Terminal:
    """Between a host's keyboard and a shell.

    Args:
        stdin: where finished lines go.
        screen: where echo and output go.
    """

    def __init__(self, stdin: Pipe, screen: Sink) -> None:
        self._stdin = stdin
        self._screen = screen
        self._line = bytearray()

    async def output(self, data: bytes) -> None:
        """What the shell prints."""
        await self._screen(data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))

    async def type(self, data: bytes) -> None:
        """What the host's keyboard sends."""
        echo = bytearray()
        for byte in data:
            if byte in _ENTER:
                echo += b"\r\n"
                await self._screen(bytes(echo))
                echo.clear()
                await self._stdin.write(bytes(self._line) + b"\n")
                self._line.clear()
            elif byte == _EOF and not self._line:
                self._stdin.close()
            else:
                echo += self._edit(byte)
        if echo:
            await self._screen(bytes(echo))

    def _edit(self, byte: int) -> bytes:
        """Change the line by one key; what appears on the screen."""
        if byte in _ERASE:
            if not self._line:
                return b""
            text = self._line.decode("utf-8", "replace")[:-1]
            self._line[:] = text.encode()
            return b"\b \b"
        if byte == _KILL:
            width = len(self._line.decode("utf-8", "replace"))
            self._line.clear()
            return b"\b \b" * width
        if byte == _INTERRUPT:
            self._line.clear()
            return b"^C\r\n"
        self._line.append(byte)
        return bytes([byte])
