"""The checkout's own Python environment, made by itself before a command runs in it.

Standard library only: it runs under any Python that the machine has. ``.venv`` is made with venv,
filled by uv exactly as ``uv.lock`` says, and remade when the lock, the checkout's place or the
Python changes. uv itself lives in ``.venv/uv``, out of its own reach.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import signal
import ssl
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from kallari import embedded_postgres

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

CHECKOUT = Path(__file__).resolve().parent.parent
VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin/python"
STAMP = VENV / "kallari.json"
UV = VENV / "uv/bin/uv"
UV_VERSION = "0.13.9"

NEEDS_NO_DATABASE = frozenset(
    {
        *("help", "version", "up", "check", "diffsettings", "startapp", "startproject"),
        *("makemessages", "compilemessages", "collectstatic", "findstatic"),
    }
)
"""Commands before which the embedded server is not started; `up` starts it in its own time."""


def main(arguments: list[str]) -> None:
    """Run one command line of manage.py in the checkout's environment, made ready if needed."""
    command = arguments[1] if len(arguments) > 1 else "help"
    try:
        prepare(for_developers=command == "pytest")
        if not _inside():
            _become([str(PYTHON), str(CHECKOUT / "manage.py"), *arguments[1:]])
        if command == "pytest":
            if not Path.cwd().is_relative_to(CHECKOUT):
                os.chdir(CHECKOUT)
            _become([str(PYTHON), "-m", "pytest", *arguments[2:]])
        _run_command(arguments)
    except (NotReadyError, embedded_postgres.EmbeddedPostgresError) as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)


def _become(command: list[str]) -> NoReturn:
    os.execv(command[0], command)  # noqa: S606 - our own Python, no shell wanted


def _run_command(arguments: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kallari.settings")
    with ExitStack() as stack:
        if _needs_embedded_database(arguments):
            # Ended from outside, a command still leaves by the door and stops what it started.
            for ending in (signal.SIGTERM, signal.SIGHUP):
                if signal.getsignal(ending) == signal.SIG_DFL:
                    signal.signal(ending, _leave)
            stack.enter_context(embedded_postgres.Cluster().in_use())

        from django.core.management import execute_from_command_line

        execute_from_command_line(arguments)


def _leave(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


def _needs_embedded_database(arguments: list[str]) -> bool:
    if os.environ.get("DATABASE_URL"):
        return False
    command, options = (arguments[1:2] or ["help"])[0], arguments[2:]
    if command.startswith("-") or {"-h", "--help"} & set(options):
        return False
    if command == "check":
        return any(option.startswith("--database") for option in options)
    return command not in NEEDS_NO_DATABASE


# --- Making it ready ----------------------------------------------------------------------------


class NotReadyError(Exception):
    """The environment cannot be made; the message, in Spanish, says what to do next."""


def prepare(*, for_developers: bool) -> None:
    """Bring .venv to what uv.lock says; return at once when it is there already.

    The tools for developers, once there, are kept by every later call.
    """
    if _is_ready(for_developers=for_developers):
        return
    try:
        (CHECKOUT / "var").mkdir(mode=0o700, exist_ok=True)
        lock = os.open(CHECKOUT / "var/environment", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise NotReadyError(
            f"No se puede escribir en {CHECKOUT} ({error.strerror}). Copie el programa a una"
            " carpeta suya, o inicie con la cuenta a la que pertenece."
        ) from error
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("Otro proceso está preparando este programa; se espera a que termine…")
            fcntl.flock(lock, fcntl.LOCK_EX)
        if not _is_ready(for_developers=for_developers):
            _make(for_developers=for_developers)
    finally:
        os.close(lock)


def _inside() -> bool:
    try:
        return os.path.samefile(sys.prefix, VENV)
    except FileNotFoundError:
        return False


def _is_ready(*, for_developers: bool) -> bool:
    stamp = _read_stamp()
    return (
        stamp.get("lock") == _lock_digest()
        and stamp.get("place") == os.path.realpath(VENV)
        and (not for_developers or stamp.get("for_developers") is True)
        and os.access(PYTHON, os.X_OK)
    )


def _read_stamp() -> dict[str, Any]:
    try:
        stamp: dict[str, Any] = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return stamp


def _lock_digest() -> str:
    return hashlib.sha256((CHECKOUT / "uv.lock").read_bytes()).hexdigest()


def _make(*, for_developers: bool) -> None:
    if not _is_usable():
        _say("Se prepara el entorno de Python en .venv (solo la primera vez)…")
        _make_venv()
    for_developers = for_developers or any(VENV.glob("lib/python*/site-packages/pytest"))
    if not UV.exists() or _output([UV, "--version"]).split()[1:2] != [UV_VERSION]:
        _install_uv()
    _say("Se instalan las partes del programa; puede tardar uno o dos minutos…")
    _do(
        [UV, "sync", "--frozen", "--quiet", *([] if for_developers else ["--no-dev"])],
        UV_PROJECT_ENVIRONMENT=str(VENV),
        UV_PYTHON=str(PYTHON),
        UV_PYTHON_DOWNLOADS="never",
        UV_NO_PROGRESS="true",
        **_trust_of_the_system(),
    )
    stamp = {
        "lock": _lock_digest(),
        "place": os.path.realpath(VENV),
        "for_developers": for_developers,
    }
    draft = STAMP.with_name(f"{STAMP.name}.{os.getpid()}")
    draft.write_text(json.dumps(stamp))
    draft.replace(STAMP)


def _is_usable() -> bool:
    """Whether .venv has a Python that works, is recent enough and was made in this place."""
    place = _read_stamp().get("place")
    if not PYTHON.exists() or place not in (None, os.path.realpath(VENV)):
        return False
    told = _output([PYTHON, "-c", "import sys; print(sys.version_info >= (3, 11), sys.prefix)"])
    recent, _space, prefix = told.strip().partition(" ")
    return recent == "True" and os.path.realpath(prefix) == os.path.realpath(VENV)


def _make_venv() -> None:
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise NotReadyError(
            f"A este Python {version} le falta su módulo venv. En Debian o Ubuntu:"
            f" sudo apt install python{version}-venv. Después vuelva a intentar."
        )
    # Out of a virtual environment, perhaps the very one that is remade, by its base.
    base = getattr(sys, "_base_executable", None) or sys.executable
    if VENV.exists():
        shutil.rmtree(VENV, ignore_errors=True)
    _do([base, "-m", "venv", VENV])


def _install_uv() -> None:
    if not _output([PYTHON, "-m", "pip", "--version"]):
        _do([PYTHON, "-m", "ensurepip"])
    shutil.rmtree(VENV / "uv", ignore_errors=True)
    _do(
        [
            *(PYTHON, "-m", "pip", "install", "--quiet", "--no-input"),
            *("--disable-pip-version-check", "--no-warn-script-location"),
            *("--target", VENV / "uv", f"uv=={UV_VERSION}"),
        ],
        PIP_USER="0",
    )


def _trust_of_the_system() -> dict[str, str]:
    """Let uv trust what the system trusts, an organization's own authority included.

    A system without a store of certificates leaves uv with the one it carries.
    """
    if any(name in os.environ for name in ("UV_SYSTEM_CERTS", "SSL_CERT_FILE", "SSL_CERT_DIR")):
        return {}
    paths = ssl.get_default_verify_paths()
    stores = (paths.cafile, paths.openssl_cafile, "/etc/ssl/certs/ca-certificates.crt")
    if any(store and Path(store).exists() for store in stores):
        return {"UV_SYSTEM_CERTS": "true"}
    return {}


def _output(command: Sequence[str | Path]) -> str:
    try:
        return subprocess.run(  # noqa: S603 - our own programs and arguments
            command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
        ).stdout
    except OSError:
        return ""


def _do(command: Sequence[str | Path], **environment: str) -> None:
    """Run one step quietly; turn its failure into a sentence."""
    kept = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    result = subprocess.run(  # noqa: S603 - our own programs and arguments
        command,
        cwd=CHECKOUT,
        env=kept | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if result.returncode == 0:
        return
    told = f"{result.stdout}\n{result.stderr}".strip()
    raise NotReadyError(f"{_reason(told)}\n\n{told[-3000:]}")


def _reason(told: str) -> str:
    said = told.lower()
    if "no space left" in said or "disk quota" in said:
        return f"El disco está lleno: el programa necesita unos 700 MB libres en {CHECKOUT}."
    if "certificate" in said or "unknownissuer" in said:
        return (
            "No se pudo comprobar la identidad del índice de paquetes (certificado TLS). Si su red"
            " usa una autoridad propia, indique su archivo en la variable SSL_CERT_FILE."
        )
    signs = ("connect", "dns", "resolve", "network", "timed out", "could not find a version")
    if any(sign in said for sign in signs):
        return (
            "No hay conexión con el índice de paquetes de Python (pypi.org). La primera vez hace"
            " falta internet: revise la conexión y vuelva a intentar; lo ya bajado se conserva."
        )
    return "No se pudo preparar el programa. Esto fue lo que se dijo:"


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
