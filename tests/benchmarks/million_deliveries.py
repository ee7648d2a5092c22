"""How fast lists and reports are over a million deliveries. Run by hand:

    python -m tests.benchmarks.million_deliveries [--rows 1000000] [--years 10] [--runs 30]

It makes a database of its own beside the one of DATABASE_URL, loads the full demo, writes the
deliveries with SQL alone (nothing is asked of them but their number, so they have no history and
no folio without gaps), asks for whole pages the way a browser does, prints a table, and removes
the database. Every page should stay at or below 300 ms (p95) on an idle machine; it ends with
status 1 when one does not. Pages that do not exist yet are left out. A million rows take about
two minutes and 900 MB.

The deliveries are spread evenly over the years up to today, over 850 families in their own
communities, two centers, two agents for every community and the operators; three fifths are wet
cocoa, the rest dry cocoa, guayusa, vanilla and pieces of craft.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from datetime import date
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kallari.settings")
django.setup()

from django.conf import settings  # noqa: E402 - after django.setup()
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from harvests.models import (  # noqa: E402
    CollectionCenter,
    FormFigure,
    MarketPrice,
    Product,
    ProductForm,
    Season,
)
from kallari import gunicorn_config  # noqa: E402
from kallari.accounts.models import User  # noqa: E402
from kallari.dates import months_later  # noqa: E402
from tests.people import make_account, sign_in  # noqa: E402

LIMIT_MS = 300

PAGES = (
    ("administracion", "/entregas/"),
    ("administracion", "/entregas/?pagina=2"),
    ("administracion", "/entregas/?buscar=grefa"),
    ("administracion", "/informes/acopio/"),
    ("administracion", "/informes/acopio/?periodo=temporada"),
    ("administracion", "/informes/acopio/?periodo=temporada&producto={cocoa}"),
    ("administracion", "/informes/acopio/?periodo=mes"),
    ("administracion", "/informes/acopio/?periodo=dia"),
    ("tecnico", "/entregas/"),
    ("tecnico", "/informes/acopio/?periodo=temporada"),
)

FORMS = (
    # code, product, kind, name, unit, share in hundredths, least and most of one, USD of one
    ("baba", "cacao", "cocoa", "Baba", "kg", 60, 8, 90, "1.3000"),
    ("seco", "cacao", "cocoa", "Cacao seco", "kg", 10, 5, 60, "3.6000"),
    ("hoja", "guayusa", "guayusa", "Guayusa en hoja fresca", "kg", 25, 10, 80, "0.9200"),
    ("vaina", "vainilla", "vanilla", "Vaina verde", "kg", 4, 1, 6, "33.0000"),
    ("pieza", "artesania", "crafts", "Pieza", "piece", 1, 1, 20, "4.5000"),
)
AGENTS = 8


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--years", type=int, default=10)
    parser.add_argument("--runs", type=int, default=30)
    options = parser.parse_args()
    settings.ALLOWED_HOSTS.append("testserver")  # no test environment: it slows down templates
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        call_command("demo", scale="full", verbosity=0)
        say(f"{fill(options.rows, options.years)} deliveries")
        return measure(options.runs)
    finally:
        connection.creation.destroy_test_db(settings.DATABASES["default"]["NAME"], verbosity=0)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


# --- The rows -----------------------------------------------------------------------------------


def fill(rows: int, years: int) -> int:
    """Write so many deliveries, the last of today, and return how many there are."""
    forms = _catalogue(years)
    centers = [_center("TENA", "Centro de acopio Tena"), _center("AROS", "Centro Arosemena Tola")]
    agents = [_agent(number) for number in range(AGENTS)]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # no look-up of eight keys
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute(
            _INSERT,
            {
                "rows": rows,
                "days": years * 365,
                "until": timezone.localdate(),
                "centers": [center.pk for center in centers],
                "center_codes": [center.code for center in centers],
                "agents": [agent.pk for agent in agents],
                "forms": [form.pk for form in forms],
                "units": [told[4] for told in FORMS],
                "upto": [sum(told[5] for told in FORMS[: place + 1]) for place in range(5)],
                "least": [told[6] for told in FORMS],
                "most": [told[7] for told in FORMS],
                "prices": [told[8] for told in FORMS],
            },
        )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE harvests_delivery")
        cursor.execute("SELECT count(*) FROM harvests_delivery")
        return int(cursor.fetchone()[0])


_INSERT = """
    WITH family AS MATERIALIZED (
        SELECT row_number() OVER (ORDER BY one.id) - 1 AS place, one.id, one.community_id,
               (SELECT partner.id FROM members_partner partner
                WHERE partner.family_id = one.id AND partner.registered_on IS NOT NULL
                  AND partner.ended_on IS NULL) AS partner_id
        FROM members_family one
    ), thrown AS MATERIALIZED (
        SELECT number, random() AS a, random() AS b, random() AS c, random() AS d, random() AS e,
               floor(random() * (SELECT count(*) FROM family))::int AS family
        FROM generate_series(1, %(rows)s) number
    ), placed AS (
        SELECT thrown.*, family.id AS family_id, family.community_id, family.partner_id,
               family.place AS family_place,
               (SELECT min(one.place) FROM unnest(%(upto)s::int[]) WITH ORDINALITY one (upto, place)
                WHERE thrown.a * 100 < one.upto)::int AS form,
               CASE WHEN thrown.b < 0.85 THEN 1 ELSE 2 END AS center,
               %(until)s::date - (((%(rows)s - thrown.number)::bigint * %(days)s) / %(rows)s)::int
                   AS day
        FROM thrown JOIN family ON family.place = thrown.family
    ), weighed AS (
        SELECT placed.*,
               CASE WHEN (%(units)s::text[])[form] = 'piece'
                    THEN ceil((%(most)s::int[])[form] * c)::numeric(12, 3)
                    ELSE round(((%(least)s::int[])[form]
                        + ((%(most)s::int[])[form] - (%(least)s::int[])[form]) * c)::numeric, 3)
               END AS quantity,
               (%(units)s::text[])[form] AS unit,
               round((%(prices)s::numeric[])[form] * (0.8 + 0.4 * d::numeric), 4) AS price,
               (ARRAY['organic', 'organic', 'organic', 'transition', 'conventional'])
                   [family_place %% 5 + 1] AS class
        FROM placed
    )
    INSERT INTO harvests_delivery (
        id, folio, folio_year, folio_number, status, via, reference, certification_class, quantity,
        unit, gross_kg, tare_kg, deduction_kg, deduction_reason, net_kg, unit_price_usd,
        premium_unit_usd, price_unit, amount_usd, premium_usd, weighed_at, received_at, note,
        content_digest, agent_id, center_id, community_id, family_id, partner_id, form_id,
        ended_at
    )
    SELECT gen_random_uuid(),
           (%(center_codes)s::text[])[center] || '-' || extract(year FROM day) || '-'
               || (900000000 + number),
           extract(year FROM day), 900000000 + number,
           CASE WHEN e < 0.01 THEN 'voided' ELSE 'valid' END, 'import', 'Cuaderno ' || number,
           class, quantity, unit, CASE WHEN unit <> 'piece' THEN quantity END, 0, 0, '',
           CASE WHEN unit <> 'piece' THEN quantity END, price,
           CASE WHEN class = 'organic' THEN 0.1 ELSE 0 END, unit, round(quantity * price, 2),
           CASE WHEN class = 'organic' THEN round(quantity * 0.1, 2) ELSE 0 END,
           day + time '11:00' + interval '1 hour' * floor(b * 10),
           day + time '11:00' + interval '1 day', '', '',
           (%(agents)s::bigint[])[
               CASE WHEN e < 0.4 THEN 7 + floor(d * 2)::int
                    ELSE (community_id * 2 + floor(d * 2)::int) %% 6 + 1 END
           ],
           (%(centers)s::bigint[])[center], community_id, family_id, partner_id,
           (%(forms)s::bigint[])[form],
           CASE WHEN e < 0.01 THEN day + time '11:00' + interval '2 days' END
    FROM weighed
    ORDER BY number
"""
"""Folio numbers begin far above those of real folios."""


def _catalogue(years: int) -> list[ProductForm]:
    """What is bought, by the codes of `FORMS`; what the demo has made already is taken as it is."""
    forms = []
    for place, told in enumerate(FORMS):
        code, product_code, kind, name, unit = told[:5]
        product, _made = Product.objects.get_or_create(
            code=product_code,
            defaults={"name": product_code.title(), "kind": kind, "place": place * 10},
        )
        form, _made = ProductForm.objects.get_or_create(
            code=code,
            defaults={
                "product": product,
                "name": name,
                "unit": unit,
                "counted": "piece" if unit == "piece" else "weight",
                "asks_moisture": code == "seco",
            },
        )
        forms.append(form)
    for form, figure in ((forms[0], "0.39"), (forms[2], "0.33"), (forms[3], "0.222")):
        FormFigure.objects.get_or_create(
            form=form,
            kind=FormFigure.Kind.DRY_YIELD,
            valid_from=None,
            defaults={"value": figure, "source": "Práctica de la región"},
        )
    today = timezone.localdate()
    for back in range(years):
        Season.objects.get_or_create(
            product=forms[0].product,
            name=f"Temporada {today.year - back}",
            defaults={
                "starts_on": date(today.year - back, 1, 1),
                "ends_on": date(today.year - back, 12, 31),
            },
        )
    for back in range(years * 12):
        MarketPrice.objects.get_or_create(
            product=forms[0].product,
            day=months_later(today.replace(day=1), -back),
            defaults={"usd_per_tonne": 3000 + 7 * back, "source": "Bolsa de Nueva York"},
        )
    return forms


def _center(code: str, name: str) -> CollectionCenter:
    return CollectionCenter.objects.get_or_create(code=code, defaults={"name": name})[0]


def _agent(number: int) -> User:
    username = f"pesa-{number}"
    found = User.objects.filter(username=username).first()
    return found or make_account("center_operator", username=username)


# --- The pages ----------------------------------------------------------------------------------


def measure(runs: int) -> int:
    """Print a line a page; return 1 when one is too slow."""
    say(f"{'page':<64} {'queries':>7} {'p50 ms':>7} {'p95 ms':>7} {'own CPU':>7} {'KB':>5}")
    too_slow = False
    gunicorn_config.when_ready(None)  # as the server does before it answers
    cocoa = Product.objects.get(code="cacao").pk
    for username, template in PAGES:
        address = template.format(cocoa=cocoa)
        browser = sign_in(Client(), User.objects.get(username=username))
        if browser.get(address).status_code == 404:
            continue
        told = _one(browser, address, runs)
        too_slow |= told["late"] > LIMIT_MS
        say(
            f"{f'{address} ({username})':<64} {told['queries']:>7} {told['middle']:>7.0f}"
            f" {told['late']:>7.0f} {told['cpu']:>7.0f} {told['kb']:>5.0f}"
        )
    return int(too_slow)


def _one(browser: Client, address: str, runs: int) -> dict[str, Any]:
    with CaptureQueriesContext(connection) as asked:
        content = browser.get(address).content
    queries = len(asked)
    walls, cpu = [], time.process_time()
    for _run in range(runs):
        started = time.perf_counter()
        browser.get(address)
        walls.append((time.perf_counter() - started) * 1000)
    cpu = (time.process_time() - cpu) * 1000 / runs
    walls.sort()
    return {
        "queries": queries,
        "middle": walls[len(walls) // 2],
        "late": walls[min(len(walls) - 1, len(walls) * 95 // 100)],
        "cpu": cpu,
        "kb": len(content) / 1024,
    }


if __name__ == "__main__":
    sys.exit(main())
