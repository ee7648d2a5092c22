"""A whole backup in one file, and the way back.

The file is a plain tar, so that it can be opened without this program::

    database.dump     pg_dump's custom format, taken from one snapshot
    media/…           the files that belong to the record
    manifest.json     versions, migrations, rows of every table, SHA-256 of each file above
    manifest.sha256   SHA-256 of the manifest

It is written beside its place and renamed when it is whole and on the disk; nothing is held in
memory. On the way back everything is verified before anything is touched, and the database
changes in one transaction: it is as it was, or it is as in the backup.
"""

from __future__ import annotations

import errno
import hashlib
import hmac
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
import threading
import tomllib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from kallari.database_contents import (
    MOVE_EVERYTHING_ASIDE,
    SET_ASIDE,
    drop_what_is_aside,
    tables,
)
from kallari.embedded_postgres import EmbeddedPostgresError, client_tools

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

FORMAT = 1
DUMP, MANIFEST, SEAL, MEDIA = "database.dump", "manifest.json", "manifest.sha256", "media"
CHUNK = 2**20
BLOCK = tarfile.BLOCKSIZE


class BackupError(Exception):
    """A backup cannot be made or taken back; the message, in Spanish, says what to do next."""


@dataclass(frozen=True)
class Restored:
    """What came back."""

    created_at: str
    tables: int
    rows: int
    files: int
    needs_migrate: bool
    needs_secret_key: bool
    """Whether second factors in it are encrypted under a key that this server has not."""


# --- Making one ---------------------------------------------------------------------------------


def write_backup(path: Path, progress: Callable[[str, int], None]) -> int:
    """Write the database and the media files to `path`, and return its size in bytes.

    A file of that name is replaced only by a whole one. Readable by its owner alone.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        handle = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise BackupError(f"No se puede escribir en {path.parent}: {error.strerror}.") from error
    try:
        with open(handle, "w+b") as file:
            _write_container(file, progress)
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
        draft.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise BackupError(
                f"El disco está lleno: no se hizo la copia en {path.parent}."
                " Libere espacio o elija otro disco."
            ) from error
        raise
    finally:
        draft.unlink(missing_ok=True)
    return size


def _write_container(file: IO[bytes], progress: Callable[[str, int], None]) -> None:
    files: dict[str, dict[str, Any]] = {}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        rows = {name: _count(cursor, name) for name in tables(cursor)}
        migrations = _applied_migrations(cursor)
        dump = _dump(snapshot)
        files[DUMP] = _add(file, DUMP, dump, lambda done: progress("base de datos", done))
    for name, media in _media_files():
        with media:
            files[name] = _add(file, name, _chunks(media), lambda done: progress("archivos", done))
    manifest = {
        "format": FORMAT,
        "application": _application_version(),
        "created_at": timezone.now().isoformat(),
        "secret_key": _secret_key_mark(),
        "server_major": _server_major(),
        "migrations": migrations,
        "tables": rows,
        "files": files,
    }
    text = json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False).encode()
    _add(file, MANIFEST, [text])
    _add(file, SEAL, [hashlib.sha256(text).hexdigest().encode() + b"\n"])
    file.write(bytes(2 * BLOCK))  # the end of a tar


def _secret_key_mark(key: str | None = None) -> str:
    """A mark by which a secret key is known again; it tells nothing about the key."""
    secret = str(key or settings.SECRET_KEY)
    return hmac.new(secret.encode(), b"kallari backup", hashlib.sha256).hexdigest()[:16]


def _add(
    file: IO[bytes],
    name: str,
    chunks: Iterable[bytes],
    progress: Callable[[int], None] = lambda _done: None,
) -> dict[str, Any]:
    """Append one file of a size not known before; return its size and SHA-256."""
    header_at = file.tell()
    digest, size = hashlib.sha256(), 0
    header = tarfile.TarInfo(name)
    header.mode, header.mtime = 0o600, int(timezone.now().timestamp())
    blank = header.tobuf(tarfile.GNU_FORMAT)
    file.write(bytes(len(blank)))
    for chunk in chunks:
        file.write(chunk)
        digest.update(chunk)
        size += len(chunk)
        progress(size)
    file.write(bytes(-size % BLOCK))
    header.size = size
    file.seek(header_at)
    file.write(header.tobuf(tarfile.GNU_FORMAT))
    file.seek(0, os.SEEK_END)
    return {"size": size, "sha256": digest.hexdigest()}


def _dump(snapshot: str) -> Iterator[bytes]:
    """Yield pg_dump's output; an output cut short raises instead of ending."""
    command = [_tool("pg_dump"), "--format=custom", "--no-owner", f"--snapshot={snapshot}"]
    command.append(f"--exclude-schema={SET_ASIDE}*")
    with tempfile.TemporaryFile() as complaints:
        with subprocess.Popen(  # noqa: S603 - our own program and arguments
            command,
            stdout=subprocess.PIPE,
            stderr=complaints,
            stdin=subprocess.DEVNULL,
            env=_client_environment(),
        ) as process:
            assert process.stdout is not None  # noqa: S101 - for the type checker
            try:
                yield from _chunks(process.stdout)
            except BaseException:
                process.kill()
                raise
        if process.returncode != 0:
            raise BackupError(f"pg_dump no terminó bien: {_told(complaints)}")


def _media_files() -> Iterator[tuple[str, IO[bytes]]]:
    root = Path(settings.MEDIA_ROOT)
    for path in sorted(root.rglob("*")):
        if path.is_file() and not path.is_symlink():
            with suppress(FileNotFoundError):  # removed meanwhile
                yield f"{MEDIA}/{path.relative_to(root).as_posix()}", path.open("rb")


# --- The way back -------------------------------------------------------------------------------


def restore_backup(
    path: Path, progress: Callable[[str, int], None], *, overwrite: bool = False
) -> Restored:
    """Verify `path`, then bring the database and the media files to what it holds.

    Raises:
        BackupError: not a backup, damaged, of a newer program or server, or the database is not
            empty and `overwrite` was not given. Nothing has changed then.
    """
    try:
        archive = tarfile.open(path, "r:")  # noqa: SIM115 - closed by the with below
    except FileNotFoundError as error:
        raise BackupError(f"No existe el archivo {path}.") from error
    except (tarfile.TarError, OSError) as error:
        raise BackupError(f"{path} no es una copia de Kallari, o está dañada.") from error
    with archive:
        manifest = _verified_manifest(archive, path, progress)
        _check_versions(manifest)
        if not overwrite and not _database_is_empty():
            raise BackupError(
                "La base de datos no está vacía y no se ha cambiado nada. Para reemplazar todo lo"
                " que contiene por la copia: python3 manage.py restore --overwrite ARCHIVO"
            )
        media = Path(settings.MEDIA_ROOT)
        if not overwrite and media.exists() and any(media.iterdir()):
            raise BackupError(
                f"La carpeta de archivos {media} no está vacía y no se ha cambiado nada."
                " Use --overwrite para reemplazarla."
            )
        _refuse_media_that_cannot_be_swapped(media)
        media.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=media.parent, prefix="restore-") as folder:
            files = _unpack_media(archive, manifest, Path(folder) / MEDIA)
            _restore_database(archive, manifest, progress)
            _swap_media(media, Path(folder), files)
    loader = MigrationLoader(connection)
    known = set(loader.disk_migrations)
    return Restored(
        created_at=manifest["created_at"],
        tables=len(manifest["tables"]),
        rows=sum(manifest["tables"].values()),
        files=files,
        needs_migrate=bool(known - {tuple(each) for each in manifest["migrations"]}),
        needs_secret_key=manifest["secret_key"]
        not in map(_secret_key_mark, [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]),
    )


def _refuse_media_that_cannot_be_swapped(media: Path) -> None:
    """A mounted folder cannot be renamed; that must be known before the database is touched."""
    if media.is_mount():
        raise BackupError(
            f"La carpeta de archivos {media} es un disco montado y no se puede reemplazar entera;"
            " no se ha cambiado nada. Indique en KALLARI_MEDIA_ROOT una carpeta dentro de él."
        )


def _swap_media(media: Path, folder: Path, files: int) -> None:
    """Put the unpacked files where the old ones were; two renames in one file system.

    Raises:
        BackupError: the database is restored already; the message says where the files are.
    """
    try:
        if media.exists():
            media.rename(folder / "before")
        if files:
            (folder / MEDIA).rename(media)
    except OSError as error:
        raise BackupError(
            f"La base de datos se recuperó, pero los archivos de {media} no se pudieron reemplazar"
            f" ({error.strerror}). Corríjalo y repita la recuperación con --overwrite."
        ) from error


def _verified_manifest(
    archive: tarfile.TarFile, path: Path, progress: Callable[[str, int], None]
) -> dict[str, Any]:
    damaged = BackupError(
        f"{path} está dañada o incompleta: su suma de comprobación no concuerda."
        " No se ha cambiado nada. Use otra copia."
    )
    try:
        members = {member.name: member for member in archive.getmembers()}
        text = _content(archive, members[MANIFEST])
        seal = _content(archive, members[SEAL]).decode("ascii").strip()
    except (KeyError, tarfile.TarError, OSError, UnicodeDecodeError) as error:
        raise damaged from error
    if hashlib.sha256(text).hexdigest() != seal:
        raise damaged
    manifest: dict[str, Any] = json.loads(text)
    if manifest["format"] > FORMAT:
        raise BackupError(
            "La copia viene de una versión más nueva de este programa; actualícelo y vuelva a"
            " intentar."
        )
    if set(members) != {*manifest["files"], MANIFEST, SEAL} or len(members) != len(
        archive.getmembers()
    ):
        raise damaged
    done = 0
    for name, expected in manifest["files"].items():
        member, digest = members[name], hashlib.sha256()
        if not member.isreg() or member.size != expected["size"] or not _is_safe(name):
            raise damaged
        try:
            for chunk in _chunks(_open(archive, member)):
                digest.update(chunk)
                done += len(chunk)
                progress("comprobación", done)
        except (tarfile.TarError, OSError) as error:
            raise damaged from error
        if digest.hexdigest() != expected["sha256"]:
            raise damaged
    return manifest


def _check_versions(manifest: dict[str, Any]) -> None:
    ours, theirs = _server_major(), manifest["server_major"]
    if theirs > ours:
        raise BackupError(
            f"La copia viene de PostgreSQL {theirs} y este servidor es el {ours}, más antiguo."
            f" Recupérela en un servidor PostgreSQL {theirs} o posterior. No se ha cambiado nada."
        )
    known = set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
    apps = {app for app, _name in known}
    newer = [
        each for each in manifest["migrations"] if each[0] in apps and tuple(each) not in known
    ]
    if newer:
        raise BackupError(
            "La copia viene de una versión más nueva de este programa (tiene la migración"
            f" {newer[0][0]}.{newer[0][1]}); actualícelo y vuelva a intentar."
            " No se ha cambiado nada."
        )


def _restore_database(
    archive: tarfile.TarFile, manifest: dict[str, Any], progress: Callable[[str, int], None]
) -> None:
    """Send everything through one psql in one transaction, committed only when all of it came.

    pg_restore turns the dump into SQL; between BEGIN and COMMIT what was there is moved aside, and
    stand the SQL and a count of every table against the manifest.
    """
    drop_what_is_aside()  # left by a restore that was cut off
    connection.close()
    psql = [_tool("psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--file=-"]
    pg_restore = [_tool("pg_restore"), "--no-owner", "--no-acl", "--exit-on-error", "--file=-"]
    with tempfile.TemporaryFile() as complaints:
        reader = subprocess.Popen(  # noqa: S603 - our own program and arguments
            pg_restore,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            env=_client_environment(),
        )
        writer = subprocess.Popen(  # noqa: S603 - our own program and arguments
            psql,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=complaints,
            env=_client_environment(),
        )
        feeder = threading.Thread(
            target=_feed, args=(_open(archive, archive.getmember(DUMP)), reader.stdin), daemon=True
        )
        try:
            feeder.start()
            assert writer.stdin is not None  # noqa: S101 - for the type checker
            assert reader.stdout is not None  # noqa: S101
            done = 0
            with suppress(BrokenPipeError):  # psql stopped at an error, and told it
                writer.stdin.write(f"BEGIN;\n{MOVE_EVERYTHING_ASIDE}\n".encode())
                for chunk in _chunks(reader.stdout):
                    writer.stdin.write(chunk)
                    done += len(chunk)
                    progress("base de datos", done)
                if reader.wait() == 0:
                    counts = _counts_as_sql(manifest["tables"])
                    writer.stdin.write(f"{counts}\nCOMMIT;\n".encode())
                else:  # without COMMIT, all of it is undone
                    writer.kill()
            with suppress(BrokenPipeError):
                writer.stdin.close()
            if writer.wait() != 0 or reader.wait() != 0:
                raise BackupError(
                    "La copia no se pudo recuperar y la base de datos quedó como estaba."
                    f" {_hint(told := _told(complaints))}PostgreSQL dijo: {told}"
                )
        finally:
            for process in (reader, writer):
                process.kill()
                process.wait()
            feeder.join()
            for pipe in (reader.stdout, writer.stdin):
                with suppress(OSError):
                    if pipe is not None:
                        pipe.close()
    drop_what_is_aside()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _feed(source: IO[bytes], target: IO[bytes]) -> None:
    with suppress(BrokenPipeError), target:
        shutil.copyfileobj(source, target, CHUNK)


def _hint(told: str) -> str:
    if "lock timeout" in told:
        return "Otro programa la está usando: detenga la aplicación y vuelva a intentar. "
    return ""


def _unpack_media(archive: tarfile.TarFile, manifest: dict[str, Any], target: Path) -> int:
    names = [name for name in manifest["files"] if name.startswith(f"{MEDIA}/")]
    for name in names:
        path = target / PurePosixPath(name).relative_to(MEDIA)
        path.parent.mkdir(parents=True, exist_ok=True)
        with _open(archive, archive.getmember(name)) as source, path.open("xb") as file:
            shutil.copyfileobj(source, file, CHUNK)
    return len(names)


# --- Small parts --------------------------------------------------------------------------------


def _counts_as_sql(expected: dict[str, int]) -> str:
    checks = "\n".join(
        f"ASSERT (SELECT count(*) FROM {name}) = {int(rows)}, 'a table has other rows';"  # noqa: S608
        for name, rows in expected.items()
    )
    return f"SET LOCAL plpgsql.check_asserts = on; DO $count$ BEGIN {checks} END $count$;"


def _count(cursor: Any, table: str) -> int:
    cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 - quoted by the database
    (rows,) = cursor.fetchone()
    return int(rows)


def _database_is_empty() -> bool:
    with connection.cursor() as cursor:
        return not tables(cursor)


def _applied_migrations(cursor: Any) -> list[list[str]]:
    if "public.django_migrations" not in tables(cursor):
        return []
    cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
    return [list(row) for row in cursor.fetchall()]


def _server_major() -> int:
    connection.ensure_connection()
    return int(connection.pg_version) // 10000  # type: ignore[attr-defined]  # PostgreSQL only


def _application_version() -> str:
    with (settings.BASE_DIR / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])


def _tool(name: str) -> str:
    try:
        return str(client_tools(_server_major()) / name)
    except EmbeddedPostgresError as error:
        raise BackupError(str(error)) from error


def _client_environment() -> dict[str, str]:
    """Say by libpq's variables where the database is: a password is never an argument."""
    database = connection.settings_dict
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    given = {
        "PGDATABASE": database["NAME"],
        "PGUSER": database["USER"],
        "PGPASSWORD": database["PASSWORD"],
        "PGHOST": database["HOST"],
        "PGPORT": database["PORT"],
        "PGCLIENTENCODING": "UTF8",
    }
    for option in (
        *("host", "port", "user", "passfile", "service", "sslmode", "sslrootcert", "sslcert"),
        *("sslkey", "sslcrl", "channel_binding", "connect_timeout", "target_session_attrs"),
    ):
        if value := database["OPTIONS"].get(option):
            given[f"PG{option.upper().replace('_', '')}"] = value
    return environment | {key: str(value) for key, value in given.items() if value}


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk


def _open(archive: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    file = archive.extractfile(member)
    if file is None:
        raise tarfile.TarError(member.name)
    return file


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    with _open(archive, member) as file:
        return file.read()


def _is_safe(name: str) -> bool:
    """Whether a name in the container stays in the folder it is for."""
    path = PurePosixPath(name)
    return name == DUMP or (
        path.parts[:1] == (MEDIA,) and not path.is_absolute() and ".." not in path.parts
    )


def _told(complaints: IO[bytes]) -> str:
    complaints.seek(0)
    return complaints.read().decode(errors="replace").strip()[-2000:]


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
