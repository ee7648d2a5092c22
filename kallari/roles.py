"""The one matrix of roles and rights.

A role is a Django group. The matrix below says what each role may do with each kind of record;
it is written into the groups after every migrate and at every start with ``manage.py up``, and
``verify_history`` reports groups that say anything else.
Which rows a role sees is narrowed further by each app's ``querysets.visible_to``.

Everything is named by strings, because the house imports one way: this module stands below the
apps whose models it names.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

from django.apps import AppConfig
from django.apps import apps as installed_apps
from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kallari.accounts.models import User


class Role(models.TextChoices):
    """What a person does in the association; the value is the name of the group."""

    ADMINISTRATION = "administration", _("Administración")
    MANAGER = "manager", _("Gerencia")
    CENTER_OPERATOR = "center_operator", _("Centro de acopio")
    EXTENSION_AGENT = "extension_agent", _("Técnico de campo")
    ACCOUNTANT = "accountant", _("Contabilidad")
    SURVEILLANCE = "surveillance", _("Consejo de vigilancia")
    DELEGATE = "delegate", _("Delegada o delegado")
    AUDITOR = "auditor", _("Auditoría")


NEEDS_SECOND_FACTOR = frozenset(
    {Role.ADMINISTRATION, Role.MANAGER, Role.ACCOUNTANT, Role.SURVEILLANCE}
)
"""Roles that can move money, change the register or hold a key of an election."""

USES_ADMIN = frozenset({Role.ADMINISTRATION, Role.MANAGER, Role.ACCOUNTANT})
"""Roles that enter data through /admin/."""

READS_HISTORY = frozenset({Role.ADMINISTRATION, Role.MANAGER, Role.SURVEILLANCE, Role.AUDITOR})
"""Roles that may open /auditoria/: every change, by whom and why."""

EVERYONE = frozenset(Role)
OFFICE = frozenset({Role.ADMINISTRATION, Role.MANAGER})
READERS = OFFICE | {Role.ACCOUNTANT, Role.SURVEILLANCE, Role.AUDITOR}

FIELD = OFFICE | {Role.EXTENSION_AGENT}
"""Who takes down in the village what the office then decides on."""
PAYS = frozenset({Role.ADMINISTRATION, Role.ACCOUNTANT})
"""Who keeps where money is transferred to."""
RECEIVES = FIELD | {Role.CENTER_OPERATOR}
"""Who weighs what families hand in."""
PRICES = OFFICE | {Role.ACCOUNTANT}
"""Who writes down what is paid."""
BUYS = READERS | RECEIVES
"""Who reads what was bought: everybody who works with it, pays or checks."""
WORKS = OFFICE | {Role.CENTER_OPERATOR}
"""Who ferments, dries, packs, and answers for what lies in the store."""

MATRIX: dict[str, dict[str, frozenset[Role]]] = {
    # model: {action: roles}. Nobody has "delete" where others depend on the row.
    "accounts.user": {
        "view": READERS,
        "add": frozenset({Role.ADMINISTRATION}),
        "change": frozenset({Role.ADMINISTRATION}),
    },
    "accounts.roleassignment": {
        "view": READERS,
        "add": frozenset({Role.ADMINISTRATION}),
        "change": frozenset(),
        "delete": frozenset({Role.ADMINISTRATION}),
    },
    "accounts.apitoken": {
        "view": frozenset({Role.ADMINISTRATION}),
    },
    "rules.rulevalue": {"view": READERS, "add": OFFICE, "change": OFFICE},
    "members.community": {"view": EVERYONE, "add": OFFICE, "change": OFFICE},
    "members.communityalias": {
        "view": EVERYONE,
        "add": OFFICE | {Role.EXTENSION_AGENT},
        "change": OFFICE,
    },
    "members.communityassignment": {
        "view": READERS,
        "add": OFFICE,
        "delete": OFFICE,
    },
    # Families and people: the field takes them down, the office decides on memberships.
    "members.family": {"view": EVERYONE, "add": FIELD, "change": FIELD},
    "members.person": {
        "view": EVERYONE,
        "add": FIELD,
        "change": FIELD,
        # Identity numbers, birth dates, telephones: who registers, pays or checks.
        "identify": READERS | {Role.EXTENSION_AGENT},
    },
    "members.bankaccount": {
        "view": PAYS | {Role.AUDITOR},
        "add": PAYS,
        "change": PAYS,
    },
    "members.partner": {"view": EVERYONE, "add": FIELD, "change": OFFICE},
    "members.suspension": {"view": EVERYONE, "add": OFFICE, "change": OFFICE},
    "members.partnercard": {
        "view": READERS | {Role.CENTER_OPERATOR, Role.EXTENSION_AGENT},
        "add": OFFICE,
        "change": OFFICE,
    },
    "members.chakra": {"view": EVERYONE, "add": FIELD, "change": FIELD},
    "members.chakrageometry": {"view": EVERYONE, "add": FIELD, "change": frozenset()},
    "members.chakracrop": {"view": EVERYONE, "add": FIELD, "change": FIELD, "delete": FIELD},
    "members.chakraphotograph": {"view": EVERYONE, "add": FIELD},
    "members.landmark": {"view": EVERYONE, "add": OFFICE, "change": OFFICE, "delete": OFFICE},
    # Whose the land is, the office writes down; the field only finds that boundaries meet.
    "members.chakraconflict": {"view": EVERYONE, "change": OFFICE},
    "members.tradeevidence": {
        "view": READERS | {Role.EXTENSION_AGENT},
        "add": FIELD,
        "change": OFFICE,
    },
    # Community life: the field records it in its communities, the office all of it.
    "members.gathering": {"view": EVERYONE, "add": FIELD, "change": FIELD},
    "members.attendance": {"view": EVERYONE, "add": FIELD, "delete": FIELD},
    "members.gatheringfile": {"view": EVERYONE, "add": FIELD, "change": OFFICE},
    "members.inputkind": {
        "view": READERS | {Role.EXTENSION_AGENT, Role.CENTER_OPERATOR},
        "add": OFFICE,
        "change": OFFICE,
    },
    "members.inputdistribution": {
        "view": READERS | {Role.EXTENSION_AGENT},
        "add": FIELD,
        "change": OFFICE,
        "value": READERS,
    },
    "members.volunteer": {
        "view": READERS | {Role.EXTENSION_AGENT},
        "add": OFFICE,
        "change": OFFICE,
        "contact": OFFICE,
    },
    "members.stay": {
        "view": READERS | {Role.EXTENSION_AGENT},
        "add": OFFICE,
        "change": OFFICE,
    },
    "members.ally": {
        "view": READERS | {Role.EXTENSION_AGENT},
        "add": OFFICE,
        "change": OFFICE,
    },
    "members.agreement": {"view": READERS, "add": OFFICE, "change": OFFICE},
    "members.contribution": {
        "view": READERS,
        "add": OFFICE | PAYS,
        "change": OFFICE | PAYS,
    },
    "members.contributionuse": {
        "view": READERS,
        "add": OFFICE | PAYS,
        "delete": OFFICE | PAYS,
    },
    # Certification: everybody sees what the chakras of their reach are; the field inspects and
    # estimates, the office decides.
    "members.certificationscheme": {"view": EVERYONE, "add": OFFICE, "change": OFFICE},
    "members.certificate": {
        "view": READERS | {Role.EXTENSION_AGENT, Role.CENTER_OPERATOR},
        "add": OFFICE,
        "change": OFFICE,
    },
    "members.chakracertification": {"view": EVERYONE, "add": OFFICE, "change": OFFICE},
    "members.checklist": {"view": READERS | FIELD, "add": OFFICE, "change": OFFICE},
    "members.checklistitem": {
        "view": READERS | FIELD,
        "add": OFFICE,
        "change": OFFICE,
        "delete": OFFICE,
    },
    "members.inspection": {"view": READERS | FIELD, "add": FIELD, "change": OFFICE},
    "members.answer": {"view": READERS | FIELD},
    "members.finding": {"view": READERS | FIELD, "change": OFFICE},
    "members.correctiveaction": {"view": READERS | FIELD, "add": FIELD, "change": FIELD},
    "members.sanction": {"view": READERS | FIELD, "add": OFFICE, "change": OFFICE},
    # Whom the certifying body will visit: the field is not told beforehand.
    "members.reinspectionsample": {"view": READERS, "add": OFFICE},
    "members.sampledpartner": {"view": READERS},
    "members.yieldestimate": {"view": READERS | FIELD, "add": FIELD, "change": FIELD},
    # What is bought, where, and at which price: no secret; the office and who pays write it.
    "harvests.product": {"view": EVERYONE, "add": OFFICE, "change": OFFICE},
    "harvests.productform": {"view": EVERYONE, "add": OFFICE, "change": OFFICE},
    "harvests.variety": {"view": EVERYONE, "add": OFFICE, "change": OFFICE},
    "harvests.quality": {"view": EVERYONE, "add": OFFICE, "change": OFFICE},
    "harvests.formfigure": {"view": BUYS, "add": OFFICE, "change": OFFICE},
    "harvests.season": {"view": EVERYONE, "add": OFFICE, "change": OFFICE},
    "harvests.collectioncenter": {"view": EVERYONE, "add": OFFICE, "change": OFFICE},
    "harvests.pricelist": {
        "view": EVERYONE,
        "add": PRICES,
        "change": PRICES,
        # What families are paid: who decides it, once it is approved by resolution.
        "publish": OFFICE,
    },
    "harvests.priceline": {"view": EVERYONE, "add": PRICES, "change": PRICES, "delete": PRICES},
    "harvests.marketprice": {"view": BUYS, "add": PRICES, "change": PRICES},
    "harvests.quota": {"view": EVERYONE, "add": OFFICE, "change": OFFICE},
    "harvests.advance": {"view": READERS, "add": PAYS, "change": PAYS},
    # What families are owed and paid: who keeps the accounts writes it, who answers for the
    # association approves what somebody else wrote.
    "harvests.settlement": {"view": READERS, "add": PAYS, "change": PAYS, "approve": OFFICE},
    "harvests.settlementline": {"view": READERS},
    "harvests.premiumrule": {
        "view": READERS,
        "add": PRICES,
        "change": PRICES,
        "confirm": OFFICE,
    },
    "harvests.payment": {"view": READERS, "add": PAYS},
    "harvests.cashbox": {"view": READERS, "add": PAYS, "change": PAYS},
    # The manager is the second person who counts what is in a box.
    "harvests.cashsession": {"view": READERS, "add": PAYS, "change": PAYS | OFFICE},
    "harvests.cashmovement": {"view": READERS, "add": PAYS},
    "harvests.statementlink": {"view": READERS, "add": PAYS, "change": PAYS},
    "harvests.purchasedocument": {"view": READERS, "add": PAYS},
    "harvests.purchasedocumentoutcome": {"view": READERS, "add": PAYS},
    # Deliveries: the field and the center weigh, and mend what they weighed themselves; the rest
    # the center and the office mend.
    "harvests.delivery": {
        "view": EVERYONE,
        "add": RECEIVES,
        "change": OFFICE | {Role.CENTER_OPERATOR},
        "decide": OFFICE | {Role.CENTER_OPERATOR},
        "value": BUYS,
        # What was bought before this program: who answers for the books.
        "import": PRICES,
    },
    "harvests.deliveryshare": {"view": EVERYONE},
    "harvests.deliveryalert": {"view": BUYS, "change": OFFICE | {Role.CENTER_OPERATOR}},
    # What becomes of it: the center works and keeps the store; who checks sees where it came from.
    "harvests.place": {"view": BUYS, "add": OFFICE, "change": OFFICE},
    "harvests.processkind": {"view": BUYS, "add": OFFICE, "change": OFFICE},
    "harvests.processphase": {"view": BUYS, "add": OFFICE, "change": OFFICE},
    "harvests.processroute": {"view": BUYS, "add": OFFICE, "change": OFFICE},
    "harvests.batch": {"view": BUYS, "add": WORKS, "change": WORKS},
    "harvests.batchstage": {"view": BUYS, "add": WORKS, "change": WORKS},
    "harvests.batchreading": {"view": BUYS, "add": WORKS},
    "harvests.lot": {
        "view": BUYS,
        "add": WORKS,
        "change": WORKS,
        "trace": READERS | {Role.CENTER_OPERATOR},
        "hold": OFFICE,
    },
    "harvests.stockmovement": {"view": BUYS, "add": WORKS},
    "harvests.stockadjustment": {
        "view": BUYS,
        "add": WORKS,
        # Another person than who counted, whoever that was.
        "confirm": WORKS | {Role.ACCOUNTANT},
    },
    # How good it is: the center tests, the office says by which table.
    "harvests.gradeedition": {"view": BUYS, "add": OFFICE, "change": OFFICE},
    "harvests.grade": {"view": BUYS, "add": OFFICE, "change": OFFICE, "delete": OFFICE},
    "harvests.qualitytest": {"view": BUYS, "add": WORKS},
    "harvests.qualityphotograph": {"view": BUYS, "add": WORKS},
    "harvests.labresult": {"view": BUYS, "add": WORKS},
    # Telephones, and what they sent as it came: who decides on it, and who checks.
    "harvests.device": {"view": READERS | {Role.CENTER_OPERATOR}, "change": OFFICE},
    "harvests.operation": {"view": READERS | {Role.CENTER_OPERATOR}},
    "harvests.operationdecision": {
        "view": READERS | {Role.CENTER_OPERATOR},
        "add": OFFICE | {Role.CENTER_OPERATOR},
    },
}


def labels(roles: Iterable[str]) -> str:
    """Return the roles' names in the reader's language, in the order of `Role`.

    >>> labels({"auditor", "manager"})
    'Gerencia, Auditoría'
    """
    held = set(roles)
    return ", ".join(str(role.label) for role in Role if role in held)


def permissions_of(role: Role) -> set[str]:
    """Return the codes "app.action_model" that the matrix gives to one role."""
    return {
        f"{label.split('.')[0]}.{action}_{label.split('.')[1]}"
        for label, actions in MATRIX.items()
        for action, roles in actions.items()
        if role in roles
    }


def holds(user: User | AnonymousUser, code: str) -> bool:
    """Whether an account's roles give it a right: ``"harvests.add_delivery"``.

    The same as ``has_perm``, read from the matrix instead of from the groups that are filled from
    it: for what is asked a thousand times an hour, without a query beyond that for the roles.
    """
    if user.is_anonymous or not user.is_active:
        return False
    return bool(user.is_superuser or not user.role_names.isdisjoint(_holders(code)))


@cache
def _holders(code: str) -> frozenset[str]:
    return frozenset(role.value for role in Role if code in permissions_of(role))


def fill_groups(sender: AppConfig | None = None, using: str = "default", **_kwargs: Any) -> None:
    """Write the matrix into the groups: one group a role, with exactly its permissions.

    Runs after migrate, once the last app has its permissions, and at every ``manage.py up``.
    Writes only what differs: run again it changes nothing. Permissions of tables that are not yet
    made come with the migrate that makes them. Groups that are no role are left alone; the check
    ``kallari.W010`` reports them.
    """
    try:
        group_model = installed_apps.get_model("auth", "Group")
        permission_model = installed_apps.get_model("auth", "Permission")
    except LookupError:
        return
    if sender is not None and sender.label != _last_app_to_migrate():
        return
    groups = group_model.objects.using(using)
    groups.bulk_create(  # without history: the matrix has its own, in version control
        [group_model(name=role.value) for role in Role], ignore_conflicts=True
    )
    known = {
        f"{app}.{code}": pk
        for pk, app, code in permission_model.objects.using(using).values_list(
            "pk", "content_type__app_label", "codename"
        )
    }
    link = group_model.permissions.through
    for group in groups.filter(name__in=Role.values).prefetch_related("permissions"):
        wanted = {known[code] for code in permissions_of(Role(group.name)) & known.keys()}
        held = {permission.pk for permission in group.permissions.all()}
        if surplus := held - wanted:
            link.objects.using(using).filter(group=group, permission_id__in=surplus).delete()
        if missing := wanted - held:
            link.objects.using(using).bulk_create(  # without history: as above
                [link(group_id=group.pk, permission_id=pk) for pk in sorted(missing)]
            )


def _last_app_to_migrate() -> str:
    """The label of the app whose post_migrate comes last: all permissions exist by then."""
    return [config.label for config in installed_apps.get_app_configs() if config.models_module][-1]
