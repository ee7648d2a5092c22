"""The API at /api/v1/: what every resource stands on.

`urls`        the router; each app's ``api`` module adds its own in ``register(router)``
`viewsets`    the base of every resource: rights from the matrix, rows from ``visible_to``
`serializers` fields that are taken and given, and none passed over
`filters`     what lists can be narrowed by, such as ``changed_since``
`problems`    errors as RFC 9457 problems, with stable codes
`paging`      pages with a count
`schema`      what the OpenAPI description says of all that
`views`       the list of resources, and the page with the documentation

The path carries the version: what would break a program that calls /api/v1/ comes as /api/v2/.
Calls are not throttled: every caller is known, failed sign-ins lock out by themselves, and an
agent's phone with weeks of work in its outbox must be let in.
"""
