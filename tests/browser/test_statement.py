"""A family's own page in a browser: nobody is signed in, the paper is the key."""

from __future__ import annotations

from playwright.sync_api import expect

from harvests.services.statement_links import make_statement_link
from tests.members.factories import family


def test_whoever_holds_the_paper_chooses_the_language(context, db):
    _link, code = make_statement_link(actor=None, family=family("Grefa"))
    page = context.new_page()
    page.goto(f"/cuenta/{code}/")
    expect(page.get_by_text("Se le debe")).to_be_visible()
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.url.endswith(f"/cuenta/{code}/")
