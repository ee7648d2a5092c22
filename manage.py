#!/usr/bin/env python3
"""The door to everything: ``python3 manage.py up``, ``python3 manage.py pytest``.

Needs Python 3.11 and nothing else. This file can be read by any Python, so that an old one gets a
sentence instead of a syntax error; the rest is in kallari/environment.py.
"""

import os
import subprocess
import sys

OLDEST = (3, 11)
KNOWN_NAMES = ("python3.14", "python3.13", "python3.12", "python3.11")


def find_newer_python():
    """Return the name of a suitable Python that is installed beside the one in use, or None."""
    for name in KNOWN_NAMES:
        try:
            with open(os.devnull, "w") as nowhere:
                command = [name, "-c", "import venv, ensurepip"]
                if subprocess.call(command, stdout=nowhere, stderr=nowhere) == 0:  # noqa: S603
                    return name
        except OSError:
            continue
    return None


def main():
    if sys.version_info < OLDEST:
        newer = find_newer_python()
        if newer is None:
            sys.stderr.write(
                "Se necesita Python 3.11 o posterior; este es "
                + ".".join(str(part) for part in sys.version_info[:3])
                + ". Instale uno de https://www.python.org/ y vuelva a intentar.\n"
                "(Python 3.11 or later is needed.)\n"
            )
            sys.exit(1)
        os.execvp(newer, [newer] + sys.argv)  # noqa: RUF005, S606 - read by old Pythons too
    from kallari import environment

    environment.main(sys.argv)


if __name__ == "__main__":
    main()
