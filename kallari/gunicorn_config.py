"""How gunicorn serves the application; ``manage.py up`` and production use the same file.

Threads, because phones on weak signal hold a connection for seconds while they send little: with
one request a process, two slow phones would stop the whole office. Two processes, because Python
computes in one thread at a time (a settlement run must not stop the intake).
"""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import Any

wsgi_app = "kallari.wsgi:application"
bind = os.environ.get("KALLARI_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = 4
timeout = 120
graceful_timeout = 20
preload_app = True  # loaded once, shared in memory, and a mistake in the settings is told at once
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - heartbeat files
control_socket_disable = True

# No access log: it would say from which address and when a ballot came.
accesslog = None
errorlog = "-"
loglevel = "warning"


def when_ready(_server: Any) -> None:
    """What is loaded stays: the collector need not look through it again in every worker, which
    costs 100 ms each time, and its memory stays shared."""
    gc.collect()
    gc.freeze()


def post_fork(_server: Any, _worker: Any) -> None:
    """A connection opened while loading must not be shared among processes."""
    from django.db import connections

    connections.close_all()
