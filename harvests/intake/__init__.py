"""From what a telephone says to a delivery on record, one or five hundred at a time.

    reading    what was sent, as a `Draft`; nothing is asked of the database
    facts      all that is known about many drafts, in one question
    valuing    who, how much, of which class, for how much: plain functions over drafts and facts
    watching   what somebody should look at: doubles, quotas, estimates
    writing    folios, rows, shares, alerts and their history, in a few statements
    receiving  the order of these, and what happens when two arrive at once
    refusing   what is refused, as Django tells it

What a telephone sends besides, and the inbox in which all of it is kept:

    envelopes  the operations of a push, as far as they can be read
    keeping    each written down as it came, and what came of it
    doors      operations on people, chakras and photographs
    inbox      the order of these: kept, looked at, answered

Locks are taken in one order: prices (shared; `harvests.services.prices.publish_price_list` takes
the same lock exclusively), then the folio series, each by center and year.
"""
