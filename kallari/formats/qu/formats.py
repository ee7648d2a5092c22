from kallari.formats.es.formats import *  # noqa: F403  Kichwa is written with the same figures
