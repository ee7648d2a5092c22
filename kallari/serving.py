"""What ``manage.py up`` stands on: a listening socket, a watched server, an orderly end."""

from __future__ import annotations

import ctypes
import errno
import http.client
import os
import signal
import socket
import sys
import time
from contextlib import contextmanager, suppress
from ipaddress import ip_address
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connections

from kallari.embedded_postgres import ENDING_SIGNALS, Cluster, EmbeddedPostgresError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

FIRST_ANSWER_S = 60
END_S = 25
RESTARTS_ALLOWED = 6
RESTARTS_WITHIN_S = 300
PR_SET_PDEATHSIG = 1


class Ended(BaseException):
    """Somebody asked for the end: Ctrl-C, SIGTERM, or the terminal was closed."""


@contextmanager
def ending_on_signals() -> Iterator[None]:
    """Turn the first request to end into `Ended`; the later ones do not disturb the end."""

    def end(_number: int, _frame: FrameType | None) -> None:
        for number in handled:
            signal.signal(number, lambda _number, _frame: None)
        raise Ended

    handled = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # under nohup it stays ignored
        handled.append(signal.SIGHUP)
    before = {number: signal.signal(number, end) for number in handled}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def listen(host: str, port: int) -> socket.socket:
    """Take the port for as long as the caller lives: nobody else can come between.

    gunicorn inherits the socket, so a restart refuses no visitor.

    Raises:
        CommandError: the port is busy or not allowed, or the address is not of this machine.
    """
    host = "127.0.0.1" if host == "localhost" else host.strip("[]")
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(512)
    except (OSError, OverflowError) as error:
        listener.close()
        number = getattr(error, "errno", None)
        if number == errno.EADDRINUSE:
            raise CommandError(
                f"El puerto {port} está ocupado por otro programa (¿ya está en marcha?)."
                f" Ciérrelo o elija otro: python3 manage.py up --port {port + 1}"
            ) from error
        if number == errno.EACCES:
            raise CommandError(
                f"Este usuario no puede usar el puerto {port}; elija uno mayor que 1023."
            ) from error
        raise CommandError(f"No se puede escuchar en {host}, puerto {port}: {error}.") from error
    return listener


class Server:
    """gunicorn as a child: it dies with us, even when we are killed.

    Forked, not executed anew: the application is loaded already, which halves the time to the
    first page.
    """

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self._pid: int | None = None

    def start(self) -> None:
        libc = ctypes.CDLL(None) if sys.platform == "linux" else None
        parent = os.getpid()
        connections.close_all()
        sys.stdout.flush()
        self._pid = os.fork()
        if self._pid == 0:
            status = 1
            try:
                if libc is not None:
                    libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
                if os.getppid() == parent:  # else killed in between
                    status = self._become_gunicorn()
            finally:
                os._exit(status)

    def _become_gunicorn(self) -> int:
        """Serve until told to end, and return the exit status; nothing of our parent's is kept."""
        os.setsid()  # Ctrl-C reaches our parent alone, who ends us in order
        for number in ENDING_SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        with open(os.devnull) as nothing:
            os.dup2(nothing.fileno(), 0)
        kept = self._listener.fileno()  # not the parent's hold on the database
        os.closerange(3, kept)
        os.closerange(kept + 1, 2**20)
        os.chdir(settings.BASE_DIR)
        sys.argv = ["gunicorn", "--config", "python:kallari.gunicorn_config"]
        sys.argv += ["--bind", f"fd://{kept}"]
        from gunicorn.app.wsgiapp import WSGIApplication

        try:
            WSGIApplication(prog="gunicorn").run()
        except SystemExit as ending:
            return ending.code if isinstance(ending.code, int) else 1
        return 0

    def has_ended(self) -> bool:
        if self._pid is None:
            return True
        try:
            ended, _status = os.waitpid(self._pid, os.WNOHANG)
        except ChildProcessError:
            return True
        return ended != 0

    def answers(self) -> bool:
        """Whether a request gets an answer that is no failure."""
        host, port = self._listener.getsockname()[:2]
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared only
        names = [name for name in settings.ALLOWED_HOSTS if name[:1] not in ("*", ".")]
        connection = http.client.HTTPConnection(host, port, timeout=5)
        try:
            connection.request("GET", "/healthz", headers={"Host": (names or ["localhost"])[0]})
            return connection.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + FIRST_ANSWER_S
        while not self.answers():
            if self.has_ended():
                raise CommandError("El servidor web no pudo arrancar; la causa está arriba.")
            if time.monotonic() > deadline:
                raise CommandError(
                    f"El servidor web no contesta después de {FIRST_ANSWER_S} segundos."
                    " La causa puede estar arriba."
                )
            time.sleep(0.1)

    def end(self) -> None:
        """Let open requests finish, then leave no process behind."""
        if self._pid is None:
            return
        started = time.monotonic()
        told_at = 0.0
        if not self.has_ended():
            os.kill(self._pid, signal.SIGTERM)
            told_at = started
        while not self.has_ended() or _group_lives(self._pid):
            now = time.monotonic()
            with suppress(ProcessLookupError, PermissionError):
                if now - started > END_S:
                    os.killpg(self._pid, signal.SIGKILL)
                elif now - told_at > 1:
                    # A worker still on its way up, or one whose parent was killed, missed it.
                    os.killpg(self._pid, signal.SIGTERM)
                    told_at = now
            time.sleep(0.05)
        self._pid = None


def _group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


class Restarts:
    """How often something may die before we stop mending it: six times in five minutes."""

    def __init__(self) -> None:
        self._moments: list[float] = []

    def wait_before_next(self, what: str) -> None:
        now = time.monotonic()
        self._moments = [moment for moment in self._moments if now - moment < RESTARTS_WITHIN_S] + [
            now
        ]
        if len(self._moments) > RESTARTS_ALLOWED:
            raise CommandError(
                f"{what} se cayó {RESTARTS_ALLOWED} veces en pocos minutos; se detiene todo."
                " La causa está arriba."
            )
        if len(self._moments) > 1:
            time.sleep(2 ** (len(self._moments) - 2))


def watch(server: Server, cluster: Cluster | None, say: Callable[[str], None]) -> None:
    """Keep the server and the embedded database running until `Ended`."""
    server_restarts, database_restarts = Restarts(), Restarts()
    while True:
        time.sleep(0.5)
        if cluster is not None and not cluster.is_running():
            say("La base de datos se detuvo sola; se la vuelve a arrancar…")
            database_restarts.wait_before_next("La base de datos")
            try:
                cluster.start()
            except EmbeddedPostgresError as error:
                say(str(error))
            else:
                say("La base de datos funciona de nuevo.")
        if server.has_ended():
            say("El servidor web se detuvo solo; se lo vuelve a arrancar…")
            server_restarts.wait_before_next("El servidor web")
            server.end()
            server.start()
            server.wait_until_it_answers()
            say("El servidor web funciona de nuevo.")
