"""Who may open and post to what: every address × every role, written down by hand.

The suite fails for an address of the application that is not entered here, and for an entry that
leads nowhere (tests/test_rights.py). What is written here does not come from kallari/roles.py: a
right that slips into the matrix by mistake is found because this page says otherwise.

How to enter an address: one line in `PAGES`, the address as Django's resolver knows it, then what
GET answers and what an empty POST answers, each as "answer:LETTERS answer:LETTERS". Every actor
stands in exactly one answer. The letters are those of tests/people.py:

    A administration   M manager      C center operator   T extension agent   K accountant
    V surveillance     D delegate     U auditor
    S superuser        N signed in without any role       - not signed in

The answers:

    ok            the page or the data (2xx); for POST also the form again, with its errors
    moved         done, or the page lives elsewhere (redirect, other than to the sign-in page)
    login         to the sign-in page
    wrong         400: the request lacks something
    unauthorized  401: the API wants to know who asks
    refused       403
    missing       404: as if it did not exist
    method        405: the address takes no such request

Values for the arguments of an address come from `tests/test_rights.py::World`, by name; an
argument that means different things at different addresses is given in `args`.

An admin page needs no line for each of its addresses: one line a model, in `ADMIN`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

ROLES = "AMCTKVDU"
SIGNED_IN = f"{ROLES}SN"
EVERYBODY = SIGNED_IN + "-"
STAFF = "AMKS"
"""Who may open /admin/ at all."""
NOT_STAFF = "CTVDUN"
NOT_DELEGATE = "AMCTKVUSN"
"""Those signed in who are not the delegate whose passkey, session or token is asked for."""

LOGIN_FIRST = f"ok:{SIGNED_IN} login:-"
NO_POST = f"method:{EVERYBODY}"
NO_POST_LOGIN_FIRST = f"method:{SIGNED_IN} login:-"
STAFF_ONLY = f"ok:{STAFF} missing:{NOT_STAFF} login:-"
STAFF_NO_POST = f"method:{STAFF} missing:{NOT_STAFF} login:-"
READS_HISTORY = "AMVUS"
"""Who reads every change, by whom and why."""
NOT_HISTORY = "CTKDN"
HISTORY_ONLY = f"ok:{READS_HISTORY} missing:{NOT_HISTORY} login:-"
HISTORY_NO_POST = f"method:{READS_HISTORY} missing:{NOT_HISTORY} login:-"
NOT_OFFICE = "CTKVDUN"
OFFICE_ONLY = f"ok:AMS missing:{NOT_OFFICE} login:-"
LEGAL_LIST = "ok:AMKVUS missing:CTDN login:-"
LEGAL_LIST_NO_POST = "method:AMKVUS missing:CTDN login:-"
REGISTER = f"ok:{ROLES}S missing:N login:-"
REGISTER_NO_POST = f"method:{ROLES}S missing:N login:-"
FIELD_ONLY = "ok:AMTS missing:CKVDUN login:-"
"""Who takes down families, people and applications."""
"""Who takes down families and people."""
PANORAMA = "ok:AMTKVUS missing:CDN login:-"
PANORAMA_NO_POST = "method:AMTKVUS missing:CDN login:-"
NO_SUCH_ROW = f"missing:{SIGNED_IN} login:-"
INSPECTIONS = "ok:AMTKVUS missing:CDN login:-"
"""Who reads what an inspection found."""
INSPECTIONS_NO_POST = "method:AMTKVUS missing:CDN login:-"

READERS_ONLY = "ok:AMKVUS missing:CTDN login:-"
"""The office, who keeps the accounts, who watches over and who audits."""
READERS_NO_POST = "method:AMKVUS missing:CTDN login:-"
REGISTER_READ = f"ok:{ROLES}S missing:N unauthorized:-"
"""The register for programs: every role reads, agents and delegates their own communities."""
REGISTER_NO_GET = f"method:{ROLES}S missing:N unauthorized:-"
REGISTER_FIELD = "wrong:AMTS refused:CKVDU missing:N unauthorized:-"
"""The field takes down; an empty request lacks everything."""
REGISTER_RECEIVES = "wrong:AMCTS refused:KVDU missing:N unauthorized:-"
"""Who weighs what families hand in."""
SYNC_READ = "ok:AMCTS missing:KVDUN unauthorized:-"
SYNC_OTHER = "method:AMCTS missing:KVDUN unauthorized:-"
REGISTER_OFFICE = "wrong:AMS refused:CTKVDU missing:N unauthorized:-"
REGISTER_OFFICE_NO_POST = "method:AMS refused:CTKVDU missing:N unauthorized:-"
GATHERINGS = f"ok:{ROLES}S missing:N login:-"
GATHERINGS_NO_POST = f"method:{ROLES}S missing:N login:-"
FIELD = "ok:AMTS missing:CKVDUN login:-"
INPUTS = "ok:AMTKVUS missing:CDN login:-"
"""Inputs and volunteers: who works with families, pays or checks."""
INPUTS_NO_POST = "method:AMTKVUS missing:CDN login:-"
ALLIES = "ok:AMKVUS missing:CTDN login:-"
"""With what they gave."""
ALLIES_NO_POST = "method:AMKVUS missing:CTDN login:-"
MONEY_IN = "ok:AMKS missing:CTVDUN login:-"
"""Who takes down contributions and what they paid for."""
PRICES = "ok:AMKS missing:CTVDUN login:-"
"""Who writes down what is paid: the office and who keeps the accounts."""
BUYS = "ok:AMCTKVUS missing:DN login:-"
"""Everybody who buys, pays or checks."""
BUYS_NO_POST = "method:AMCTKVUS missing:DN login:-"
WORKS = "ok:AMCS missing:TKVDUN login:-"
"""Who works in the center: ferments, dries, tests."""
WORKS_NO_POST = "method:AMCS missing:TKVDUN login:-"
PAYS = "ok:AKS missing:MCTVDUN login:-"
"""Who hands out money."""
DEVICES = "ok:AMCKVUS missing:TDN login:-"
"""Who decides on what telephones send, pays or checks."""
DEVICES_NO_POST = "method:AMCKVUS missing:TDN login:-"

WORKLIST = "ok:AMCKVUS missing:TDN login:-"
"""Who decides on what telephones sent, and who checks; nobody whose telephone sent it."""
WORKLIST_NO_POST = "method:AMCKVUS missing:TDN login:-"
DECIDES = "ok:AMCS missing:TKVDUN login:-"
WORKS = "ok:AMCS missing:TKVDUN login:-"
"""Who works what was bought, and answers for what lies in the store."""
WORKS_NO_POST = "method:AMCS missing:TKVDUN login:-"
RECEIVES = "ok:AMCTS missing:KVDUN login:-"
"""Who weighs what families hand in."""
BUYS = "ok:AMCTKVUS missing:DN login:-"
"""Who buys, pays or checks: what deliveries are worth."""
BUYS_NO_POST = "method:AMCTKVUS missing:DN login:-"
TRACES = "ok:AMCKVUS missing:TDN login:-"
"""Who sees from which families a lot comes: agents do not, of communities that are not theirs."""
TRACES_NO_POST = "method:AMCKVUS missing:TDN login:-"


@dataclass(frozen=True)
class Page:
    """What one address answers; see the module's description.

    `patch` is for the API alone: what PATCH answers, where it is taken at all. PUT and DELETE
    never succeed anywhere.
    """

    get: str
    post: str
    args: dict[str, str] = field(default_factory=dict)
    patch: str = ""


@dataclass(frozen=True)
class Admin:
    """What may be done in the admin with the records of one model; letters of STAFF.

    `record` names the value in World that is the key of an existing row; without one the pages
    of single rows are asked for a row that does not exist. Who may not, finds nothing (404),
    as where there is no such row.
    """

    view: str = ""
    add: str = ""
    change: str = ""
    delete: str = ""
    record: str = ""
    imports: str = ""
    exports: str = ""


PAGES: dict[str, Page] = {
    "/": Page(LOGIN_FIRST, NO_POST_LOGIN_FIRST),
    "/healthz": Page(f"ok:{EVERYBODY}", NO_POST),
    "/idioma/setlang/": Page(f"moved:{EVERYBODY}", f"moved:{EVERYBODY}"),
    # --- The offline intake: the same for everybody, so that a telephone can keep it --------------
    "/acopio/": Page(f"ok:{EVERYBODY}", NO_POST),
    "/acopio/acopio.css": Page(f"ok:{EVERYBODY}", NO_POST),
    "/acopio/acopio.js": Page(f"ok:{EVERYBODY}", NO_POST),
    "/acopio/manifest.webmanifest": Page(f"ok:{EVERYBODY}", NO_POST),
    "/acopio/sw.js": Page(f"ok:{EVERYBODY}", NO_POST),
    "/acopio/textos/en.json": Page(f"ok:{EVERYBODY}", NO_POST),
    "/acopio/textos/es.json": Page(f"ok:{EVERYBODY}", NO_POST),
    "/acopio/textos/qu.json": Page(f"ok:{EVERYBODY}", NO_POST),
    # --- One's own account -----------------------------------------------------------------------
    "/cuenta/": Page(LOGIN_FIRST, NO_POST_LOGIN_FIRST),
    "/cuenta/entrar/": Page(f"moved:{SIGNED_IN} ok:-", f"moved:{SIGNED_IN} ok:-"),
    "/cuenta/entrar/llave/": Page(f"moved:{SIGNED_IN} login:-", f"moved:{SIGNED_IN} login:-"),
    "/cuenta/entrar/codigo/": Page(f"moved:{SIGNED_IN} login:-", f"moved:{SIGNED_IN} login:-"),
    "/cuenta/salir/": Page(f"ok:{SIGNED_IN} moved:-", f"moved:{EVERYBODY}"),
    "/cuenta/confirmar/": Page(LOGIN_FIRST, LOGIN_FIRST),
    # Nobody here has a code to confirm with; the delegate alone has a passkey.
    "/cuenta/confirmar/codigo/": Page(f"moved:{SIGNED_IN} login:-", f"moved:{SIGNED_IN} login:-"),
    "/cuenta/confirmar/llave/": Page(
        f"ok:D moved:{NOT_DELEGATE} login:-", f"moved:{NOT_DELEGATE} login:D-"
    ),
    "/cuenta/contrasena/": Page(LOGIN_FIRST, LOGIN_FIRST),
    "/cuenta/segundo-factor/": Page(LOGIN_FIRST, NO_POST_LOGIN_FIRST),
    "/cuenta/segundo-factor/aplicacion/": Page(LOGIN_FIRST, LOGIN_FIRST),
    "/cuenta/segundo-factor/aplicacion/quitar/": Page(NO_SUCH_ROW, NO_SUCH_ROW),
    "/cuenta/segundo-factor/codigos/": Page(NO_SUCH_ROW, NO_POST_LOGIN_FIRST),
    "/cuenta/segundo-factor/codigos/nuevos/": Page(
        LOGIN_FIRST, f"ok:{NOT_DELEGATE} moved:D login:-"
    ),
    "/cuenta/segundo-factor/llaves/": Page(LOGIN_FIRST, NO_POST_LOGIN_FIRST),
    "/cuenta/segundo-factor/llaves/nueva/": Page(LOGIN_FIRST, LOGIN_FIRST),
    "/cuenta/segundo-factor/llaves/<int:pk>/nombre/": Page(
        f"ok:D missing:{NOT_DELEGATE} login:-",
        f"ok:D missing:{NOT_DELEGATE} login:-",
        {"pk": "delegates_passkey"},
    ),
    "/cuenta/segundo-factor/llaves/<int:pk>/quitar/": Page(
        f"ok:D missing:{NOT_DELEGATE} login:-",
        f"moved:D missing:{NOT_DELEGATE} login:-",
        {"pk": "delegates_passkey"},
    ),
    "/cuenta/sesiones/": Page(LOGIN_FIRST, f"moved:{SIGNED_IN} login:-"),
    "/cuenta/sesiones/<int:pk>/cerrar/": Page(
        f"method:{SIGNED_IN} login:-",
        f"moved:D missing:{NOT_DELEGATE} login:-",
        {"pk": "delegates_session"},
    ),
    "/cuenta/claves/<int:pk>/anular/": Page(
        f"method:{SIGNED_IN} login:-",
        f"moved:D missing:{NOT_DELEGATE} login:-",
        {"pk": "delegates_token"},
    ),
    # --- History ---------------------------------------------------------------------------------
    "/auditoria/": Page(HISTORY_ONLY, HISTORY_NO_POST),
    "/auditoria/exportar.csv": Page(HISTORY_ONLY, HISTORY_NO_POST),
    "/auditoria/sellos/": Page(HISTORY_ONLY, HISTORY_NO_POST),
    "/auditoria/sellos/<int:number>/": Page(HISTORY_ONLY, HISTORY_NO_POST, args={"number": "seal"}),
    # --- Rules -----------------------------------------------------------------------------------
    "/reglas/": Page(READERS_ONLY, READERS_NO_POST),
    "/reglas/<str:key>/": Page(READERS_ONLY, READERS_NO_POST, {"key": "rule"}),
    "/reglas/<str:key>/nuevo/": Page(OFFICE_ONLY, OFFICE_ONLY, {"key": "rule"}),
    "/reglas/<str:key>/<int:pk>/corregir/": Page(
        OFFICE_ONLY, OFFICE_ONLY, {"key": "rule", "pk": "rule_value"}
    ),
    "/reglas/<str:key>/<int:pk>/confirmar/": Page(
        OFFICE_ONLY, OFFICE_ONLY, {"key": "rule", "pk": "rule_value"}
    ),
    # --- Communities ----------------------------------------------------------------------------
    "/comunidades/": Page(f"ok:{ROLES}S missing:N login:-", f"method:{ROLES}S missing:N login:-"),
    "/comunidades/<int:pk>/": Page(
        f"ok:{ROLES}S missing:N login:-",
        f"method:{ROLES}S missing:N login:-",
        {"pk": "community"},
    ),
    "/comunidades/nueva/": Page(OFFICE_ONLY, OFFICE_ONLY),
    "/comunidades/<int:pk>/corregir/": Page(OFFICE_ONLY, OFFICE_ONLY, {"pk": "community"}),
    "/comunidades/<int:pk>/escritura/": Page(
        "ok:AMTS missing:CKVDUN login:-", "ok:AMTS missing:CKVDUN login:-", {"pk": "community"}
    ),
    "/comunidades/<int:pk>/cerrar/": Page(OFFICE_ONLY, OFFICE_ONLY, {"pk": "community"}),
    "/comunidades/<int:pk>/abrir/": Page(OFFICE_ONLY, OFFICE_ONLY, {"pk": "community"}),
    "/comunidades/<int:pk>/encargar/": Page(OFFICE_ONLY, OFFICE_ONLY, {"pk": "community"}),
    "/comunidades/<int:pk>/encargados/<int:assignment>/retirar/": Page(
        OFFICE_ONLY, OFFICE_ONLY, {"pk": "community", "assignment": "assignment"}
    ),
    "/comunidades/puestos/": Page(OFFICE_ONLY, OFFICE_ONLY),
    "/comunidades/importar/": Page(OFFICE_ONLY, OFFICE_ONLY),
    "/comunidades/importar/plantilla.csv": Page(
        OFFICE_ONLY, f"method:AMS missing:{NOT_OFFICE} login:-"
    ),
    "/comunidades/importar/plantilla.xlsx": Page(
        OFFICE_ONLY, f"method:AMS missing:{NOT_OFFICE} login:-"
    ),
    # A file is seen by whoever handed it in, here administration, and by nobody else.
    "/comunidades/importar/<uuid:pk>/": Page(
        "ok:A missing:MCTKVDUSN login:-", "ok:A missing:MCTKVDUSN login:-", {"pk": "upload"}
    ),
    "/comunidades/importar/<uuid:pk>/descartar/": Page(
        f"method:AMS missing:{NOT_OFFICE} login:-",
        "moved:A missing:MCTKVDUSN login:-",
        {"pk": "upload"},
    ),
    # --- Partners: the lists ----------------------------------------------------------------------
    "/socios/importar/": Page(OFFICE_ONLY, OFFICE_ONLY),
    "/socios/importar/plantilla.csv": Page(OFFICE_ONLY, f"method:AMS missing:{NOT_OFFICE} login:-"),
    "/socios/importar/plantilla.xlsx": Page(
        OFFICE_ONLY, f"method:AMS missing:{NOT_OFFICE} login:-"
    ),
    "/socios/importar/<uuid:pk>/": Page(
        "ok:A missing:MCTKVDUSN login:-", "ok:A missing:MCTKVDUSN login:-", {"pk": "people_upload"}
    ),
    "/socios/importar/<uuid:pk>/descartar/": Page(
        f"method:AMS missing:{NOT_OFFICE} login:-",
        "moved:A missing:MCTKVDUSN login:-",
        {"pk": "people_upload"},
    ),
    # The whole list with identity numbers: not for who knows a few villages, or needs no number.
    # Totals of people and land: who reads the register, and agents for their communities.
    "/panorama/": Page(PANORAMA, PANORAMA_NO_POST),
    "/panorama/<slug:key>.xlsx": Page(PANORAMA, PANORAMA_NO_POST, {"key": "plot"}),
    "/socios/lista-legal/": Page(LEGAL_LIST, LEGAL_LIST_NO_POST),
    "/socios/lista-legal.xlsx": Page(LEGAL_LIST, LEGAL_LIST_NO_POST),
    "/socios/lista-legal.csv": Page(LEGAL_LIST, LEGAL_LIST_NO_POST),
    "/socios/lista-legal/cambios/": Page(LEGAL_LIST, LEGAL_LIST_NO_POST),
    # --- Families and people: agent and delegate have the community of the family to look after. --
    "/familias/": Page(REGISTER, f"moved:{ROLES}S missing:N login:-"),
    "/familias/nueva/": Page(FIELD_ONLY, FIELD_ONLY),
    "/familias/<uuid:pk>/": Page(REGISTER, REGISTER_NO_POST, {"pk": "family"}),
    "/familias/<uuid:pk>/historia/": Page(REGISTER, REGISTER_NO_POST, {"pk": "family"}),
    "/familias/<uuid:pk>/corregir/": Page(FIELD_ONLY, FIELD_ONLY, {"pk": "family"}),
    "/familias/<uuid:pk>/retirar/": Page(FIELD_ONLY, FIELD_ONLY, {"pk": "family"}),
    "/familias/<uuid:pk>/reabrir/": Page(FIELD_ONLY, FIELD_ONLY, {"pk": "family"}),
    "/familias/<uuid:pk>/persona-nueva/": Page(FIELD_ONLY, FIELD_ONLY, {"pk": "family"}),
    "/personas/": Page(REGISTER, f"moved:{ROLES}S missing:N login:-"),
    "/personas/<uuid:pk>/": Page(REGISTER, REGISTER_NO_POST, {"pk": "person"}),
    "/personas/<uuid:pk>/foto/": Page(REGISTER, REGISTER_NO_POST, {"pk": "person"}),
    "/personas/<uuid:pk>/foto/nueva/": Page(FIELD_ONLY, FIELD_ONLY, {"pk": "person"}),
    "/personas/<uuid:pk>/corregir/": Page(FIELD_ONLY, FIELD_ONLY, {"pk": "person"}),
    "/personas/<uuid:pk>/otra-familia/": Page(FIELD_ONLY, FIELD_ONLY, {"pk": "person"}),
    "/personas/<uuid:pk>/fallecimiento/": Page(FIELD_ONLY, FIELD_ONLY, {"pk": "person"}),
    "/personas/<uuid:pk>/fallecimiento/corregir/": Page(
        OFFICE_ONLY, OFFICE_ONLY, {"pk": "dead_person"}
    ),
    # Where money goes: who pays, and the auditor, who writes nothing.
    "/personas/<uuid:pk>/cuentas/": Page(
        "ok:AKUS missing:MCTVDN login:-", "ok:AKS missing:MCTVDUN login:-", {"pk": "person"}
    ),
    "/personas/<uuid:pk>/cuentas/<int:account>/cerrar/": Page(
        "ok:AKS missing:MCTVDUN login:-",
        "ok:AKS missing:MCTVDUN login:-",
        {"pk": "person", "account": "bank_account"},
    ),
    # --- Chakras ---------------------------------------------------------------------------------
    "/chakras/": Page(REGISTER, REGISTER_NO_POST),
    "/chakras/mapa/": Page(REGISTER, REGISTER_NO_POST),
    # The office alone writes down whose the land is.
    "/chakras/conflictos/<int:pk>/": Page(
        REGISTER, "ok:AMS missing:CTKVDUN login:-", {"pk": "conflict"}
    ),
    "/chakras/nueva/<uuid:pk>/": Page(FIELD_ONLY, FIELD_ONLY, {"pk": "family"}),
    "/chakras/<uuid:pk>/": Page(REGISTER, REGISTER_NO_POST, {"pk": "chakra"}),
    "/chakras/<uuid:pk>/corregir/": Page(FIELD_ONLY, FIELD_ONLY, {"pk": "chakra"}),
    "/chakras/<uuid:pk>/lindero/": Page(FIELD_ONLY, FIELD_ONLY, {"pk": "chakra"}),
    "/chakras/<uuid:pk>/cultivos/": Page(FIELD_ONLY, FIELD_ONLY, {"pk": "chakra"}),
    "/chakras/<uuid:pk>/fotografia/": Page(FIELD_ONLY, FIELD_ONLY, {"pk": "chakra"}),
    "/chakras/<uuid:pk>/fotografias/<int:photograph>/": Page(
        REGISTER, REGISTER_NO_POST, {"pk": "chakra", "photograph": "chakra_photograph"}
    ),
    "/chakras/<uuid:pk>/verificar/": Page(FIELD_ONLY, FIELD_ONLY, {"pk": "chakra"}),
    "/chakras/<uuid:pk>/suspender/": Page(FIELD_ONLY, FIELD_ONLY, {"pk": "chakra"}),
    "/chakras/<uuid:pk>/dejar/": Page(FIELD_ONLY, FIELD_ONLY, {"pk": "chakra"}),
    "/chakras/<uuid:pk>/retomar/": Page(FIELD_ONLY, FIELD_ONLY, {"pk": "chakra"}),
    # --- Community life ---------------------------------------------------------------------------
    "/encuentros/": Page(GATHERINGS, GATHERINGS_NO_POST),
    "/encuentros/resumen/": Page(GATHERINGS, GATHERINGS_NO_POST),
    "/encuentros/nuevo/": Page(FIELD, FIELD),
    "/encuentros/<uuid:pk>/": Page(GATHERINGS, GATHERINGS_NO_POST, {"pk": "gathering"}),
    "/encuentros/<uuid:pk>/hoja/": Page(GATHERINGS, GATHERINGS_NO_POST, {"pk": "gathering"}),
    "/encuentros/<uuid:pk>/corregir/": Page(FIELD, FIELD, {"pk": "gathering"}),
    "/encuentros/<uuid:pk>/suspender/": Page(FIELD, FIELD, {"pk": "gathering"}),
    "/encuentros/<uuid:pk>/lista/": Page(FIELD, FIELD, {"pk": "gathering"}),
    "/encuentros/<uuid:pk>/archivos/nuevo/": Page(FIELD, FIELD, {"pk": "gathering"}),
    "/encuentros/<uuid:pk>/archivos/<int:number>/": Page(
        GATHERINGS, GATHERINGS_NO_POST, {"pk": "gathering", "number": "gathering_file"}
    ),
    "/encuentros/<uuid:pk>/archivos/<int:number>/borrar/": Page(
        OFFICE_ONLY, OFFICE_ONLY, {"pk": "gathering", "number": "gathering_file"}
    ),
    "/insumos/": Page(INPUTS, INPUTS_NO_POST),
    "/insumos/nueva/": Page(FIELD, "method:AMTS missing:CKVDUN login:-"),
    "/insumos/familia/<uuid:pk>/": Page(INPUTS, INPUTS_NO_POST, {"pk": "family"}),
    "/insumos/familia/<uuid:pk>/entregar/": Page(FIELD, FIELD, {"pk": "family"}),
    "/insumos/clases/": Page(
        "ok:AMCTKVUS missing:DN login:-", "method:AMCTKVUS missing:DN login:-"
    ),
    "/insumos/clases/nueva/": Page(OFFICE_ONLY, OFFICE_ONLY),
    "/insumos/clases/<int:pk>/corregir/": Page(OFFICE_ONLY, OFFICE_ONLY, {"pk": "input_kind"}),
    "/insumos/<uuid:pk>/": Page(INPUTS, INPUTS_NO_POST, {"pk": "input"}),
    "/insumos/<uuid:pk>/corregir/": Page(OFFICE_ONLY, OFFICE_ONLY, {"pk": "input"}),
    "/insumos/<uuid:pk>/anular/": Page(OFFICE_ONLY, OFFICE_ONLY, {"pk": "input"}),
    # --- What is bought and paid -----------------------------------------------------------------
    "/precios/": Page(REGISTER, REGISTER_NO_POST),
    "/precios/nueva/": Page(PRICES, PRICES),
    "/precios/mercado/": Page(BUYS, BUYS_NO_POST),
    "/precios/mercado/anotar/": Page(PRICES, PRICES),
    "/precios/<int:pk>/": Page(REGISTER, REGISTER_NO_POST, {"pk": "price_list"}),
    "/precios/<int:pk>/tabla/": Page(PRICES, PRICES, {"pk": "price_draft"}),
    "/precios/<int:pk>/corregir/": Page(PRICES, PRICES, {"pk": "price_draft"}),
    "/precios/<int:pk>/copiar/": Page(PRICES, PRICES, {"pk": "price_list"}),
    "/precios/<int:pk>/aprobar/": Page(PRICES, PRICES, {"pk": "price_draft"}),
    "/precios/<int:pk>/publicar/": Page(OFFICE_ONLY, OFFICE_ONLY, {"pk": "price_draft"}),
    "/cupos/": Page(REGISTER, REGISTER_NO_POST),
    "/cupos/nuevo/": Page(OFFICE_ONLY, OFFICE_ONLY),
    "/cupos/familia/": Page(OFFICE_ONLY, f"method:AMS missing:{NOT_OFFICE} login:-"),
    "/cupos/familia/<uuid:pk>/": Page(OFFICE_ONLY, OFFICE_ONLY, {"pk": "family"}),
    "/cupos/<int:pk>/corregir/": Page(OFFICE_ONLY, OFFICE_ONLY, {"pk": "quota"}),
    "/cupos/<int:pk>/retirar/": Page(OFFICE_ONLY, OFFICE_ONLY, {"pk": "quota"}),
    "/anticipos/": Page(READERS_ONLY, READERS_NO_POST),
    "/anticipos/nuevo/": Page(PAYS, "method:AKS missing:MCTVDUN login:-"),
    "/anticipos/familia/<uuid:pk>/": Page(PAYS, PAYS, {"pk": "family"}),
    "/anticipos/<uuid:pk>/": Page(READERS_ONLY, READERS_NO_POST, {"pk": "advance"}),
    "/anticipos/<uuid:pk>/anular/": Page(PAYS, PAYS, {"pk": "advance"}),
    # What families are owed: who keeps the accounts makes and pays it, who answers for the
    # association approves it, who checks reads it.
    "/liquidaciones/": Page(READERS_ONLY, READERS_NO_POST),
    "/liquidaciones/por-pagar/": Page(READERS_ONLY, READERS_NO_POST),
    "/liquidaciones/nueva/": Page(PAYS, "method:AKS missing:MCTVDUN login:-"),
    "/liquidaciones/nueva/familia/<uuid:pk>/": Page(PAYS, PAYS, {"pk": "family"}),
    "/liquidaciones/hacer/": Page(PAYS, PAYS),
    "/liquidaciones/aprobar/": Page(OFFICE_ONLY, OFFICE_ONLY),
    "/liquidaciones/pagos/": Page(READERS_ONLY, READERS_NO_POST),
    "/liquidaciones/pagos/transferencia/": Page(PAYS, PAYS),
    "/liquidaciones/pagos/<uuid:pk>/": Page(READERS_ONLY, READERS_NO_POST, {"pk": "payment"}),
    "/liquidaciones/pagos/<uuid:pk>/revertir/": Page(PAYS, PAYS, {"pk": "payment"}),
    "/liquidaciones/premios/": Page(READERS_ONLY, READERS_NO_POST),
    "/liquidaciones/premios/nuevo/": Page(PRICES, PRICES),
    "/liquidaciones/premios/<int:pk>/confirmar/": Page(
        OFFICE_ONLY, OFFICE_ONLY, {"pk": "premium_rule"}
    ),
    "/liquidaciones/premios/<int:pk>/cerrar/": Page(PRICES, PRICES, {"pk": "premium_rule"}),
    "/liquidaciones/familia/<uuid:pk>/": Page(READERS_ONLY, READERS_NO_POST, {"pk": "family"}),
    "/liquidaciones/familia/<uuid:pk>/codigo/": Page(PAYS, PAYS, {"pk": "family"}),
    "/liquidaciones/familia/<uuid:pk>/codigo/anular/": Page(PAYS, PAYS, {"pk": "family"}),
    "/liquidaciones/<uuid:pk>/": Page(READERS_ONLY, READERS_NO_POST, {"pk": "settlement"}),
    "/liquidaciones/<uuid:pk>/aprobar/": Page(OFFICE_ONLY, OFFICE_ONLY, {"pk": "settlement"}),
    "/liquidaciones/<uuid:pk>/descartar/": Page(PAYS, PAYS, {"pk": "settlement"}),
    "/liquidaciones/<uuid:pk>/revertir/": Page(OFFICE_ONLY, OFFICE_ONLY, {"pk": "settlement"}),
    "/liquidaciones/<uuid:pk>/pagar/": Page(PAYS, PAYS, {"pk": "settlement"}),
    "/liquidaciones/<uuid:pk>/compra/": Page(PAYS, PAYS, {"pk": "settlement"}),
    "/liquidaciones/<uuid:pk>/compra/<int:document>/": Page(
        PAYS, PAYS, {"pk": "settlement", "document": "purchase_document"}
    ),
    "/liquidaciones/<uuid:pk>/compra/<int:document>.xml": Page(
        READERS_ONLY, READERS_NO_POST, {"pk": "settlement", "document": "purchase_document"}
    ),
    # Cash: the manager is the second person who counts.
    "/cajas/": Page(READERS_ONLY, READERS_NO_POST),
    "/cajas/nueva/": Page(PAYS, PAYS),
    "/cajas/<int:pk>/": Page(READERS_ONLY, READERS_NO_POST, {"pk": "cash_box"}),
    "/cajas/<int:pk>/abrir/": Page(PAYS, PAYS, {"pk": "cash_box"}),
    "/cajas/<int:pk>/retirar/": Page(PAYS, PAYS, {"pk": "cash_box"}),
    "/cajas/abiertas/<uuid:pk>/": Page(READERS_ONLY, READERS_NO_POST, {"pk": "cash_session"}),
    "/cajas/abiertas/<uuid:pk>/mover/": Page(PAYS, PAYS, {"pk": "cash_session"}),
    "/cajas/abiertas/<uuid:pk>/cerrar/": Page(
        "ok:AMKS missing:CTVDUN login:-", "ok:AMKS missing:CTVDUN login:-", {"pk": "cash_session"}
    ),
    "/cajas/movimientos/<uuid:pk>/revertir/": Page(PAYS, PAYS, {"pk": "cash_movement"}),
    # A family's own statement: whoever holds the paper, and nobody else.
    "/cuenta/<statement_code:code>/": Page(f"ok:{EVERYBODY}", NO_POST, {"code": "statement_code"}),
    "/informes/cuentas/": Page(READERS_ONLY, READERS_NO_POST),
    "/informes/cuentas/<slug:key>.xlsx": Page(
        READERS_ONLY, READERS_NO_POST, {"key": "money_report"}
    ),
    "/productos/": Page(REGISTER, REGISTER_NO_POST),
    "/productos/usual/": Page(OFFICE_ONLY, f"moved:AMS missing:{NOT_OFFICE} login:-"),
    # --- Quality ---------------------------------------------------------------------------------
    "/calidad/": Page(BUYS, BUYS_NO_POST),
    "/calidad/nueva/": Page(WORKS, WORKS_NO_POST),
    "/calidad/nueva/<str:kind>/<str:code>/": Page(
        WORKS, WORKS, {"kind": "tested_kind", "code": "tested_code"}
    ),
    "/calidad/<uuid:pk>/": Page(BUYS, BUYS_NO_POST, {"pk": "quality_test"}),
    "/calidad/<uuid:pk>/corregir/": Page(WORKS, WORKS, {"pk": "quality_test"}),
    "/calidad/<uuid:pk>/calificar/": Page(WORKS, WORKS, {"pk": "old_quality_test"}),
    "/calidad/<uuid:pk>/foto/": Page(WORKS, WORKS, {"pk": "quality_test"}),
    "/calidad/<uuid:pk>/fotos/<int:number>/": Page(
        BUYS, BUYS_NO_POST, {"pk": "quality_test", "number": "quality_photograph"}
    ),
    "/calidad/laboratorio/": Page(BUYS, BUYS_NO_POST),
    "/calidad/laboratorio/nuevo/": Page(WORKS, WORKS_NO_POST),
    "/calidad/laboratorio/nuevo/<str:code>/": Page(WORKS, WORKS, {"code": "lot_code"}),
    "/calidad/laboratorio/<uuid:pk>/": Page(BUYS, BUYS_NO_POST, {"pk": "lab_result"}),
    "/calidad/laboratorio/<uuid:pk>/corregir/": Page(WORKS, WORKS, {"pk": "lab_result"}),
    "/calidad/laboratorio/<uuid:pk>/informe/": Page(BUYS, BUYS_NO_POST, {"pk": "lab_result"}),
    "/calidad/tablas/": Page(BUYS, BUYS_NO_POST),
    "/calidad/tablas/usual/": Page(OFFICE_ONLY, f"moved:AMS missing:{NOT_OFFICE} login:-"),
    "/calidad/tablas/nueva/": Page(OFFICE_ONLY, OFFICE_ONLY),
    "/calidad/tablas/<int:pk>/": Page(BUYS, BUYS_NO_POST, {"pk": "grade_table"}),
    "/calidad/tablas/<int:pk>/corregir/": Page(OFFICE_ONLY, OFFICE_ONLY, {"pk": "grade_draft"}),
    "/calidad/tablas/<int:pk>/grado/": Page(OFFICE_ONLY, OFFICE_ONLY, {"pk": "grade_draft"}),
    "/calidad/tablas/<int:pk>/grados/<int:grade>/": Page(
        OFFICE_ONLY, OFFICE_ONLY, {"pk": "grade_draft", "grade": "draft_grade"}
    ),
    "/calidad/tablas/<int:pk>/grados/<int:grade>/quitar/": Page(
        OFFICE_ONLY, OFFICE_ONLY, {"pk": "grade_draft", "grade": "draft_grade"}
    ),
    "/calidad/tablas/<int:pk>/publicar/": Page(OFFICE_ONLY, OFFICE_ONLY, {"pk": "grade_draft"}),
    "/calidad/tablas/<int:pk>/confirmar/": Page(OFFICE_ONLY, OFFICE_ONLY, {"pk": "grade_table"}),
    "/dispositivos/": Page(DEVICES, DEVICES_NO_POST),
    "/dispositivos/<uuid:pk>/": Page(DEVICES, DEVICES_NO_POST, {"pk": "device"}),
    "/dispositivos/<uuid:pk>/nombre/": Page(OFFICE_ONLY, OFFICE_ONLY, {"pk": "device"}),
    "/dispositivos/<uuid:pk>/anular/": Page(OFFICE_ONLY, OFFICE_ONLY, {"pk": "device"}),
    "/dispositivos/<uuid:pk>/aceptar/": Page(OFFICE_ONLY, OFFICE_ONLY, {"pk": "device"}),
    "/voluntariado/": Page(INPUTS, INPUTS_NO_POST),
    "/voluntariado/nueva/": Page(OFFICE_ONLY, OFFICE_ONLY),
    "/voluntariado/<uuid:pk>/": Page(INPUTS, INPUTS_NO_POST, {"pk": "volunteer"}),
    "/voluntariado/<uuid:pk>/corregir/": Page(OFFICE_ONLY, OFFICE_ONLY, {"pk": "volunteer"}),
    "/voluntariado/<uuid:pk>/estadia/": Page(OFFICE_ONLY, OFFICE_ONLY, {"pk": "volunteer"}),
    "/voluntariado/estadias/<int:pk>/corregir/": Page(OFFICE_ONLY, OFFICE_ONLY, {"pk": "stay"}),
    "/voluntariado/estadias/<int:pk>/anular/": Page(OFFICE_ONLY, OFFICE_ONLY, {"pk": "stay"}),
    "/aliados/": Page(ALLIES, ALLIES_NO_POST),
    "/aliados/nuevo/": Page(OFFICE_ONLY, OFFICE_ONLY),
    "/aliados/<int:pk>/": Page(ALLIES, ALLIES_NO_POST, {"pk": "ally"}),
    "/aliados/<int:pk>/corregir/": Page(OFFICE_ONLY, OFFICE_ONLY, {"pk": "ally"}),
    "/aliados/<int:pk>/convenio/": Page(OFFICE_ONLY, OFFICE_ONLY, {"pk": "ally"}),
    "/aliados/<int:pk>/aporte/": Page(MONEY_IN, MONEY_IN, {"pk": "ally"}),
    "/aliados/convenios/<int:pk>/corregir/": Page(OFFICE_ONLY, OFFICE_ONLY, {"pk": "agreement"}),
    "/aliados/convenios/<int:pk>/documento/": Page(ALLIES, ALLIES_NO_POST, {"pk": "agreement"}),
    "/aliados/aportes/<int:pk>/": Page(ALLIES, ALLIES_NO_POST, {"pk": "contribution"}),
    "/aliados/aportes/<int:pk>/corregir/": Page(MONEY_IN, MONEY_IN, {"pk": "contribution"}),
    "/aliados/aportes/<int:pk>/uso/": Page(MONEY_IN, MONEY_IN, {"pk": "contribution"}),
    "/aliados/usos/<int:pk>/quitar/": Page(MONEY_IN, MONEY_IN, {"pk": "use"}),
    "/socios/": Page(f"ok:{ROLES}S missing:N login:-", f"moved:{ROLES}S missing:N login:-"),
    "/socios/nueva/": Page(FIELD_ONLY, "moved:AMTS missing:CKVDUN login:-"),
    "/socios/carnes/": Page(OFFICE_ONLY, OFFICE_ONLY),
    "/socios/carnes/imprimir/": Page(OFFICE_ONLY, f"method:AMS missing:{NOT_OFFICE} login:-"),
    "/socios/<uuid:pk>/": Page(REGISTER, REGISTER_NO_POST, {"pk": "partner"}),
    "/socios/<uuid:pk>/fotografia/": Page(NO_SUCH_ROW, REGISTER_NO_POST, {"pk": "partner"}),
    "/socios/<uuid:pk>/prueba/": Page(FIELD_ONLY, FIELD_ONLY, {"pk": "applicant"}),
    "/socios/<uuid:pk>/prueba/<int:paper>/": Page(
        "ok:AMTKVUS missing:CDN login:-",
        "method:AMTKVUS missing:CDN login:-",
        {"pk": "partner", "paper": "trade_evidence"},
    ),
    "/socios/<uuid:pk>/registrar/": Page(OFFICE_ONLY, OFFICE_ONLY, {"pk": "applicant"}),
    "/socios/<uuid:pk>/solicitud/": Page(OFFICE_ONLY, OFFICE_ONLY, {"pk": "applicant"}),
    "/socios/<uuid:pk>/suspender/": Page(OFFICE_ONLY, OFFICE_ONLY, {"pk": "partner"}),
    "/socios/<uuid:pk>/levantar/": Page(OFFICE_ONLY, OFFICE_ONLY, {"pk": "suspended_partner"}),
    "/socios/<uuid:pk>/salida/": Page(OFFICE_ONLY, OFFICE_ONLY, {"pk": "partner"}),
    "/socios/<uuid:pk>/fallecimiento/": Page(OFFICE_ONLY, OFFICE_ONLY, {"pk": "partner"}),
    "/socios/<uuid:pk>/sucesion/": Page(OFFICE_ONLY, OFFICE_ONLY, {"pk": "former_partner"}),
    "/socios/<uuid:pk>/corregir/": Page(OFFICE_ONLY, OFFICE_ONLY, {"pk": "partner"}),
    "/socios/<uuid:pk>/carne/": Page(
        OFFICE_ONLY, f"method:AMS missing:{NOT_OFFICE} login:-", {"pk": "partner"}
    ),
    "/socios/<uuid:pk>/carne/emitir/": Page(
        f"method:AMS missing:{NOT_OFFICE} login:-",
        f"moved:AMS missing:{NOT_OFFICE} login:-",
        {"pk": "partner"},
    ),
    "/socios/<uuid:pk>/carne/anular/": Page(OFFICE_ONLY, OFFICE_ONLY, {"pk": "partner"}),
    # --- Certification --------------------------------------------------------------------------
    "/certificacion/": Page(REGISTER, REGISTER_NO_POST),
    "/certificacion/lista/": Page(REGISTER, REGISTER_NO_POST),
    "/certificacion/lista.xlsx": Page(REGISTER, REGISTER_NO_POST),
    "/certificacion/esquemas/<int:pk>/": Page(REGISTER, REGISTER_NO_POST, {"pk": "scheme"}),
    "/certificacion/chakras/<uuid:pk>/": Page(REGISTER, REGISTER_NO_POST, {"pk": "chakra"}),
    "/certificacion/chakras/<uuid:pk>/decidir/": Page(OFFICE_ONLY, OFFICE_ONLY, {"pk": "chakra"}),
    "/certificacion/chakras/<uuid:pk>/estimar/": Page(FIELD_ONLY, FIELD_ONLY, {"pk": "chakra"}),
    "/certificacion/transiciones/": Page(OFFICE_ONLY, OFFICE_ONLY),
    "/certificacion/certificados/nuevo/": Page(OFFICE_ONLY, OFFICE_ONLY),
    "/certificacion/certificados/<int:pk>/": Page(
        "ok:AMCTKVUS missing:DN login:-",
        "method:AMCTKVUS missing:DN login:-",
        {"pk": "certificate"},
    ),
    "/certificacion/certificados/<int:pk>/archivo/": Page(
        "ok:AMCTKVUS missing:DN login:-",
        "method:AMCTKVUS missing:DN login:-",
        {"pk": "certificate"},
    ),
    "/certificacion/certificados/<int:pk>/corregir/": Page(
        OFFICE_ONLY, OFFICE_ONLY, {"pk": "certificate"}
    ),
    "/certificacion/vencimientos/": Page(INSPECTIONS, INSPECTIONS_NO_POST),
    "/certificacion/estimaciones/": Page(INSPECTIONS, INSPECTIONS_NO_POST),
    # The field does not learn whom the certifying body will visit.
    "/certificacion/muestras/": Page(
        "ok:AMKVUS missing:CTDN login:-", "method:AMKVUS missing:CTDN login:-"
    ),
    "/certificacion/muestras/nueva/": Page(OFFICE_ONLY, OFFICE_ONLY),
    "/certificacion/muestras/<uuid:pk>/": Page(
        "ok:AMKVUS missing:CTDN login:-", "method:AMKVUS missing:CTDN login:-", {"pk": "sample"}
    ),
    "/certificacion/inspecciones/": Page(INSPECTIONS, INSPECTIONS_NO_POST),
    "/certificacion/inspecciones/nueva/": Page(FIELD_ONLY, "method:AMTS missing:CKVDUN login:-"),
    "/certificacion/inspecciones/nueva/<uuid:family>/<int:pk>/": Page(
        FIELD_ONLY, FIELD_ONLY, {"family": "family", "pk": "checklist"}
    ),
    "/certificacion/inspecciones/<uuid:pk>/": Page(
        INSPECTIONS, INSPECTIONS_NO_POST, {"pk": "inspection"}
    ),
    "/certificacion/inspecciones/<uuid:pk>/informe/": Page(
        INSPECTIONS, INSPECTIONS_NO_POST, {"pk": "inspection"}
    ),
    "/certificacion/inspecciones/<uuid:pk>/sancion/": Page(
        OFFICE_ONLY, OFFICE_ONLY, {"pk": "inspection"}
    ),
    "/certificacion/sanciones/<int:pk>/levantar/": Page(
        OFFICE_ONLY, OFFICE_ONLY, {"pk": "sanction"}
    ),
    "/certificacion/inspecciones/<uuid:pk>/corregir/": Page(
        OFFICE_ONLY, OFFICE_ONLY, {"pk": "inspection"}
    ),
    "/certificacion/hallazgos/<int:pk>/acordar/": Page(FIELD_ONLY, FIELD_ONLY, {"pk": "finding"}),
    "/certificacion/listas/<int:pk>/copiar/": Page(OFFICE_ONLY, OFFICE_ONLY, {"pk": "checklist"}),
    "/certificacion/estimaciones/<int:pk>/revisar/": Page(
        FIELD_ONLY, FIELD_ONLY, {"pk": "estimate"}
    ),
    "/certificacion/acciones/": Page(INSPECTIONS, INSPECTIONS_NO_POST),
    "/certificacion/acciones/<int:pk>/cumplir/": Page(FIELD_ONLY, FIELD_ONLY, {"pk": "action"}),
    "/certificacion/acciones/<int:pk>/plazo/": Page(FIELD_ONLY, FIELD_ONLY, {"pk": "action"}),
    # --- Deliveries ------------------------------------------------------------------------------
    "/entregas/": Page(REGISTER, REGISTER_NO_POST),
    "/entregas/hoja.xlsx": Page(REGISTER, REGISTER_NO_POST),
    "/entregas/hoja.csv": Page(REGISTER, REGISTER_NO_POST),
    "/entregas/importar/": Page(PRICES, PRICES),
    "/entregas/importar/plantilla.csv": Page(PRICES, "method:AMKS missing:CTVDUN login:-"),
    "/entregas/importar/plantilla.xlsx": Page(PRICES, "method:AMKS missing:CTVDUN login:-"),
    "/entregas/importar/<uuid:pk>/": Page(
        "ok:A missing:MCTKVDUSN login:-",
        "ok:A missing:MCTKVDUSN login:-",
        {"pk": "purchase_upload"},
    ),
    "/entregas/importar/<uuid:pk>/descartar/": Page(
        "method:AMKS missing:CTVDUN login:-",
        "moved:A missing:MCTKVDUSN login:-",
        {"pk": "purchase_upload"},
    ),
    "/entregas/dia/<slug:day>/": Page(BUYS, BUYS_NO_POST),
    "/entregas/<uuid:pk>/": Page(REGISTER, REGISTER_NO_POST, {"pk": "delivery"}),
    "/entregas/<uuid:pk>/recibo/": Page(REGISTER, REGISTER_NO_POST, {"pk": "delivery"}),
    # The agent weighed it.
    "/entregas/<uuid:pk>/corregir/": Page(RECEIVES, RECEIVES, {"pk": "delivery"}),
    "/entregas/<uuid:pk>/anular/": Page(RECEIVES, RECEIVES, {"pk": "delivery"}),
    "/entregas/<uuid:pk>/destino/": Page(BUYS, BUYS_NO_POST, {"pk": "delivery"}),
    "/lotes/<slug:code>/origen/": Page(TRACES, TRACES_NO_POST, {"code": "lot"}),
    "/lotes/<slug:code>/origen.xlsx": Page(TRACES, TRACES_NO_POST, {"code": "lot"}),
    "/informes/balance/": Page(BUYS, BUYS_NO_POST),
    "/informes/balance.xlsx": Page(BUYS, BUYS_NO_POST),
    "/informes/existencias/": Page(BUYS, BUYS_NO_POST),
    "/informes/existencias/<slug:key>.xlsx": Page(BUYS, BUYS_NO_POST, {"key": "stock_sheet"}),
    "/recibo/<uuid:pk>/": Page(f"ok:{EVERYBODY}", NO_POST, {"pk": "delivery"}),
    # --- What waits for the office ---------------------------------------------------------------
    "/pendientes/": Page(WORKLIST, WORKLIST_NO_POST),
    "/pendientes/reintentar/": Page(DECIDES, DECIDES),
    # Nothing unreadable waits: whoever decides is led back.
    "/pendientes/descartar/": Page(
        "moved:AMCS missing:TKVDUN login:-", "moved:AMCS missing:TKVDUN login:-"
    ),
    "/pendientes/archivo/": Page(RECEIVES, RECEIVES),
    "/pendientes/operacion/<int:pk>/": Page(WORKLIST, WORKLIST, {"pk": "operation"}),
    "/pendientes/operacion/<int:pk>/corregir/": Page(DECIDES, DECIDES, {"pk": "operation"}),
    "/pendientes/aviso/<int:pk>/": Page(WORKLIST, WORKLIST, {"pk": "alert"}),
    # --- Processes and stock ---------------------------------------------------------------------
    "/procesos/": Page(BUYS, BUYS_NO_POST),
    "/procesos/lista/": Page(BUYS, BUYS_NO_POST),
    "/procesos/clases/": Page(BUYS, BUYS_NO_POST),
    "/procesos/clases/usuales/": Page(OFFICE_ONLY, f"moved:AMS missing:{NOT_OFFICE} login:-"),
    "/procesos/nuevo/": Page(WORKS, WORKS_NO_POST),
    "/procesos/nuevo/<slug:kind>/": Page(WORKS, WORKS, {"kind": "process_kind_code"}),
    "/procesos/<slug:code>/": Page(BUYS, BUYS_NO_POST, {"code": "batch"}),
    **{
        f"/procesos/<slug:code>/{act}/": Page(WORKS, WORKS, {"code": "batch"})
        for act in ("agregar", "pasar", "lectura", "sacar", "terminar", "anular")
    },
    # One tap: an empty one is as good as any.
    "/procesos/<slug:code>/volteo/": Page(
        "moved:AMCS missing:TKVDUN login:-",
        "moved:AMCS missing:TKVDUN login:-",
        {"code": "batch"},
    ),
    "/procesos/<slug:code>/lectura/<uuid:pk>/corregir/": Page(
        WORKS, WORKS, {"code": "batch", "pk": "reading"}
    ),
    "/lotes/": Page(BUYS, BUYS_NO_POST),
    "/lotes/ajustes/": Page(BUYS, BUYS_NO_POST),
    # Who keeps the accounts may be the other person.
    "/lotes/ajustes/<uuid:pk>/": Page(
        "ok:AMCKS missing:TVDUN login:-",
        "ok:AMCKS missing:TVDUN login:-",
        {"pk": "adjustment"},
    ),
    "/lotes/<slug:code>/": Page(BUYS, BUYS_NO_POST, {"code": "lot"}),
    "/lotes/<slug:code>/etiqueta/": Page(BUYS, BUYS_NO_POST, {"code": "lot"}),
    "/lotes/<slug:code>/retiro/": Page(BUYS, BUYS_NO_POST, {"code": "lot"}),
    "/lotes/<slug:code>/retiro.xlsx": Page(BUYS, BUYS_NO_POST, {"code": "lot"}),
    **{
        f"/lotes/<slug:code>/{act}/": Page(WORKS, WORKS, {"code": "lot"})
        for act in ("entregar", "contar", "danado", "mover", "bajar", "corregir")
    },
    "/lotes/<slug:code>/devolver/<int:pk>/": Page(WORKS, WORKS, {"code": "lot", "pk": "dispatch"}),
    "/lotes/<slug:code>/retener/": Page(OFFICE_ONLY, OFFICE_ONLY, {"code": "lot"}),
    "/lotes/<slug:code>/liberar/": Page(OFFICE_ONLY, OFFICE_ONLY, {"code": "held_lot"}),
    # What was handed in, added up: everybody, agents and delegates of their communities.
    "/informes/acopio/": Page(REGISTER, REGISTER_NO_POST),
    "/informes/acopio/<slug:key>.xlsx": Page(REGISTER, REGISTER_NO_POST, {"key": "report"}),
    # --- The API ---------------------------------------------------------------------------------
    "/api/v1/": Page(f"ok:{SIGNED_IN} unauthorized:-", f"method:{SIGNED_IN} unauthorized:-"),
    "/api/v1/…": Page(f"missing:{EVERYBODY}", f"missing:{EVERYBODY}"),
    "/api/v1/schema/": Page(f"ok:{EVERYBODY}", NO_POST),
    "/api/v1/docs/": Page(f"ok:{EVERYBODY}", NO_POST),
    "/api/v1/changes/": Page(
        f"ok:{READS_HISTORY} missing:{NOT_HISTORY} unauthorized:-",
        f"method:{READS_HISTORY} missing:{NOT_HISTORY} unauthorized:-",
    ),
    "/api/v1/seals/": Page(
        f"ok:{READS_HISTORY} missing:{NOT_HISTORY} unauthorized:-",
        f"method:{READS_HISTORY} missing:{NOT_HISTORY} unauthorized:-",
    ),
    "/api/v1/seals/<pk>/": Page(
        f"ok:{READS_HISTORY} missing:{NOT_HISTORY} unauthorized:-",
        f"method:{READS_HISTORY} missing:{NOT_HISTORY} unauthorized:-",
        {"pk": "seal"},
    ),
    **{
        route: Page(
            "ok:AMKVUS missing:CTDN unauthorized:-",
            "method:AMS refused:KVU missing:CTDN unauthorized:-",
            {"key": "rule"},
        )
        for route in ("/api/v1/rules/", "/api/v1/rules/<key>/", "/api/v1/rules/<key>/values/")
    },
    "/api/v1/communities/": Page(
        f"ok:{ROLES}S missing:N unauthorized:-",
        "wrong:AMS refused:CTKVDU missing:N unauthorized:-",
    ),
    "/api/v1/communities/<pk>/": Page(
        f"ok:{ROLES}S missing:N unauthorized:-",
        "method:AMS refused:CTKVDU missing:N unauthorized:-",
        {"pk": "community"},
        patch="wrong:AMS refused:CTKVDU missing:N unauthorized:-",
    ),
    "/api/v1/communities/<pk>/aliases/": Page(
        f"ok:{ROLES}S missing:N unauthorized:-",
        "wrong:AMTS refused:CKVDU missing:N unauthorized:-",
        {"pk": "community"},
    ),
    "/api/v1/partner-cards/<code>/": Page(
        "ok:AMCTKVUS missing:DN unauthorized:-",
        "method:AMS refused:CTKVU missing:DN unauthorized:-",
        {"code": "card_code"},
    ),
    "/api/v1/families/": Page(REGISTER_READ, REGISTER_FIELD),
    "/api/v1/families/<pk>/": Page(
        REGISTER_READ,
        "method:AMTS refused:CKVDU missing:N unauthorized:-",
        {"pk": "family"},
        patch=REGISTER_FIELD,
    ),
    "/api/v1/persons/": Page(REGISTER_READ, REGISTER_FIELD),
    "/api/v1/persons/<pk>/": Page(
        REGISTER_READ,
        "method:AMTS refused:CKVDU missing:N unauthorized:-",
        {"pk": "person"},
        patch=REGISTER_FIELD,
    ),
    "/api/v1/persons/duplicates/": Page(REGISTER_NO_GET, REGISTER_FIELD),
    "/api/v1/bank-accounts/": Page(
        "ok:AKUS missing:MCTVDN unauthorized:-", "wrong:AKS refused:U missing:MCTVDN unauthorized:-"
    ),
    "/api/v1/bank-accounts/<pk>/": Page(
        "ok:AKUS missing:MCTVDN unauthorized:-",
        "method:AKS refused:U missing:MCTVDN unauthorized:-",
        {"pk": "bank_account"},
        patch="wrong:AKS refused:U missing:MCTVDN unauthorized:-",
    ),
    "/api/v1/partners/": Page(REGISTER_READ, REGISTER_FIELD),
    "/api/v1/partners/<pk>/": Page(
        REGISTER_READ,
        "method:AMTS refused:CKVDU missing:N unauthorized:-",
        {"pk": "partner"},
        patch=REGISTER_OFFICE,
    ),
    **{
        f"/api/v1/partners/<pk>/{act}/": Page(REGISTER_NO_GET, REGISTER_OFFICE, {"pk": "partner"})
        for act in ("register", "suspend", "reinstate", "end")
    },
    "/api/v1/partners/<pk>/requirements/": Page(
        "ok:AMTKVUS missing:CDN unauthorized:-",
        "method:AMTS refused:CKVDU missing:N unauthorized:-",
        {"pk": "partner"},
    ),
    "/api/v1/partners/<pk>/evidence/": Page(
        "ok:AMTKVUS missing:CDN unauthorized:-",
        "wrong:AMTS refused:KVU missing:CDN unauthorized:-",
        {"pk": "partner"},
    ),
    "/api/v1/chakras/": Page(REGISTER_READ, REGISTER_FIELD),
    "/api/v1/chakras/geojson/": Page(
        REGISTER_READ, "method:AMTS refused:CKVDU missing:N unauthorized:-"
    ),
    "/api/v1/chakras/<pk>/": Page(
        REGISTER_READ,
        "method:AMTS refused:CKVDU missing:N unauthorized:-",
        {"pk": "chakra"},
        patch=REGISTER_FIELD,
    ),
    **{
        f"/api/v1/chakras/<pk>/{act}/": Page(REGISTER_NO_GET, REGISTER_FIELD, {"pk": "chakra"})
        for act in ("geometry", "verify", "suspend", "crops")
    },
    "/api/v1/chakra-conflicts/": Page(
        REGISTER_READ, "method:S refused:AMCTKVDU missing:N unauthorized:-"
    ),
    "/api/v1/chakra-conflicts/<pk>/": Page(
        REGISTER_READ, "method:S refused:AMCTKVDU missing:N unauthorized:-", {"pk": "conflict"}
    ),
    "/api/v1/chakra-conflicts/<pk>/decide/": Page(
        REGISTER_NO_GET, REGISTER_OFFICE, {"pk": "conflict"}
    ),
    "/api/v1/certification-schemes/": Page(
        f"ok:{ROLES}S missing:N unauthorized:-",
        "method:AMS refused:CTKVDU missing:N unauthorized:-",
    ),
    "/api/v1/certification-schemes/<pk>/": Page(
        f"ok:{ROLES}S missing:N unauthorized:-",
        "method:AMS refused:CTKVDU missing:N unauthorized:-",
        {"pk": "scheme"},
    ),
    "/api/v1/certificates/": Page(
        "ok:AMCTKVUS missing:DN unauthorized:-",
        "wrong:AMS refused:CTKVU missing:DN unauthorized:-",
    ),
    "/api/v1/certificates/<pk>/": Page(
        "ok:AMCTKVUS missing:DN unauthorized:-",
        "method:AMS refused:CTKVU missing:DN unauthorized:-",
        {"pk": "certificate"},
        patch="wrong:AMS refused:CTKVU missing:DN unauthorized:-",
    ),
    "/api/v1/chakra-certifications/": Page(
        f"ok:{ROLES}S missing:N unauthorized:-",
        "method:AMS refused:CTKVDU missing:N unauthorized:-",
    ),
    "/api/v1/chakra-certifications/<pk>/": Page(
        f"ok:{ROLES}S missing:N unauthorized:-",
        "method:AMS refused:CTKVDU missing:N unauthorized:-",
        {"pk": "chakra_status"},
    ),
    **{
        f"/api/v1/chakra-certifications/{act}/": Page(REGISTER_NO_GET, REGISTER_OFFICE)
        for act in ("begin-transition", "certify", "suspend", "reinstate", "exclude")
    },
    "/api/v1/inspections/": Page(
        "ok:AMTKVUS missing:CDN unauthorized:-",
        "wrong:AMTS refused:KVU missing:CDN unauthorized:-",
    ),
    "/api/v1/inspections/<pk>/": Page(
        "ok:AMTKVUS missing:CDN unauthorized:-",
        "method:AMTS refused:KVU missing:CDN unauthorized:-",
        {"pk": "inspection"},
    ),
    "/api/v1/yield-estimates/": Page(
        "ok:AMTKVUS missing:CDN unauthorized:-",
        "wrong:AMTS refused:KVU missing:CDN unauthorized:-",
    ),
    "/api/v1/yield-estimates/<pk>/": Page(
        "ok:AMTKVUS missing:CDN unauthorized:-",
        "method:AMTS refused:KVU missing:CDN unauthorized:-",
        {"pk": "estimate"},
        patch="wrong:AMTS refused:KVU missing:CDN unauthorized:-",
    ),
    **{
        route: Page(
            "ok:AMTKVUS missing:CDN unauthorized:-",
            f"method:{adds} refused:{others} missing:CDN unauthorized:-",
            args,
        )
        for name, key, adds, others in (
            ("checklists", "checklist", "AMS", "TKVU"),
            ("findings", "finding", "S", "AMTKVU"),
            ("corrective-actions", "action", "AMTS", "KVU"),
        )
        for route, args in (
            (f"/api/v1/{name}/", {}),
            (f"/api/v1/{name}/<pk>/", {"pk": key}),
        )
    },
    "/api/v1/sanctions/": Page(
        "ok:AMTKVUS missing:CDN unauthorized:-",
        "wrong:AMS refused:TKVU missing:CDN unauthorized:-",
    ),
    "/api/v1/sanctions/<pk>/": Page(
        "ok:AMTKVUS missing:CDN unauthorized:-",
        "method:AMS refused:TKVU missing:CDN unauthorized:-",
        {"pk": "sanction"},
    ),
    "/api/v1/sanctions/<pk>/lift/": Page(
        "method:AMTKVUS missing:CDN unauthorized:-",
        "wrong:AMS refused:TKVU missing:CDN unauthorized:-",
        {"pk": "sanction"},
    ),
    "/api/v1/corrective-actions/<pk>/close/": Page(
        "method:AMTKVUS missing:CDN unauthorized:-",
        "wrong:AMTS refused:KVU missing:CDN unauthorized:-",
        {"pk": "action"},
    ),
    **{
        route: Page(
            "ok:AMKVUS missing:CTDN unauthorized:-",
            "method:AMS refused:KVU missing:CTDN unauthorized:-",
            args,
        )
        for name, key in (
            ("agreements", "agreement"),
            ("community-assignments", "assignment"),
        )
        for route, args in (
            (f"/api/v1/{name}/", {}),
            (f"/api/v1/{name}/<pk>/", {"pk": key}),
        )
    },
    "/api/v1/reinspection-samples/": Page(
        "ok:AMKVUS missing:CTDN unauthorized:-",
        "wrong:AMS refused:KVU missing:CTDN unauthorized:-",
    ),
    "/api/v1/reinspection-samples/<pk>/": Page(
        "ok:AMKVUS missing:CTDN unauthorized:-",
        "method:AMS refused:KVU missing:CTDN unauthorized:-",
        {"pk": "sample"},
    ),
    "/api/v1/landmarks/": Page(REGISTER_READ, "method:AMS refused:CTKVDU missing:N unauthorized:-"),
    "/api/v1/landmarks/<pk>/": Page(
        REGISTER_READ, "method:AMS refused:CTKVDU missing:N unauthorized:-", {"pk": "landmark"}
    ),
    # What is bought and paid: everybody reads, who pays or decides writes.
    **{
        f"/api/v1/{resource}/{rest}": Page(REGISTER_READ, REGISTER_OFFICE_NO_POST, {"pk": row})
        for resource, row in {
            "products": "product",
            "product-forms": "product_form",
            "varieties": "variety",
            "qualities": "quality",
            "collection-centers": "center",
            "seasons": "season",
        }.items()
        for rest in ("", "<pk>/")
    },
    "/api/v1/price-lists/": Page(
        REGISTER_READ, "wrong:AMKS refused:CTVDU missing:N unauthorized:-"
    ),
    "/api/v1/price-lists/<pk>/": Page(
        REGISTER_READ,
        "method:AMKS refused:CTVDU missing:N unauthorized:-",
        {"pk": "price_list"},
        patch="wrong:AMKS refused:CTVDU missing:N unauthorized:-",
    ),
    "/api/v1/price-lists/<pk>/publish/": Page(
        "method:AMCTKVDUS missing:N unauthorized:-",
        "wrong:AMS refused:CTKVDU missing:N unauthorized:-",  # it is published already
        {"pk": "price_list"},
    ),
    "/api/v1/market-prices/": Page(
        "ok:AMCTKVUS missing:DN unauthorized:-",
        "wrong:AMKS refused:CTVU missing:DN unauthorized:-",
    ),
    "/api/v1/market-prices/<pk>/": Page(
        "ok:AMCTKVUS missing:DN unauthorized:-",
        "method:AMKS refused:CTVU missing:DN unauthorized:-",
        {"pk": "market_price"},
    ),
    "/api/v1/quotas/": Page(REGISTER_READ, REGISTER_OFFICE),
    "/api/v1/quotas/<pk>/": Page(REGISTER_READ, REGISTER_OFFICE_NO_POST, {"pk": "quota"}),
    "/api/v1/advances/": Page(
        "ok:AMKVUS missing:CTDN unauthorized:-",
        "wrong:AKS refused:MVU missing:CTDN unauthorized:-",
    ),
    "/api/v1/advances/<pk>/": Page(
        "ok:AMKVUS missing:CTDN unauthorized:-",
        "method:AKS refused:MVU missing:CTDN unauthorized:-",
        {"pk": "advance"},
    ),
    "/api/v1/settlements/": Page(
        "ok:AMKVUS missing:CTDN unauthorized:-",
        "wrong:AKS refused:MVU missing:CTDN unauthorized:-",
    ),
    "/api/v1/settlements/<pk>/": Page(
        "ok:AMKVUS missing:CTDN unauthorized:-",
        "method:AKS refused:MVU missing:CTDN unauthorized:-",
        {"pk": "settlement"},
    ),
    "/api/v1/settlements/<pk>/approve/": Page(
        "method:AMKVUS missing:CTDN unauthorized:-",
        "wrong:AMS refused:KVU missing:CTDN unauthorized:-",
        {"pk": "settlement"},
    ),
    "/api/v1/settlements/<pk>/discard/": Page(
        "method:AMKVUS missing:CTDN unauthorized:-",
        "wrong:AKS refused:MVU missing:CTDN unauthorized:-",
        {"pk": "settlement"},
    ),
    "/api/v1/settlements/<pk>/reverse/": Page(
        "method:AMKVUS missing:CTDN unauthorized:-",
        "wrong:AMS refused:KVU missing:CTDN unauthorized:-",
        {"pk": "settlement"},
    ),
    "/api/v1/payments/": Page(
        "ok:AMKVUS missing:CTDN unauthorized:-",
        "wrong:AKS refused:MVU missing:CTDN unauthorized:-",
    ),
    "/api/v1/payments/<pk>/": Page(
        "ok:AMKVUS missing:CTDN unauthorized:-",
        "method:AKS refused:MVU missing:CTDN unauthorized:-",
        {"pk": "payment"},
    ),
    "/api/v1/payments/<pk>/reverse/": Page(
        "method:AMKVUS missing:CTDN unauthorized:-",
        "wrong:AKS refused:MVU missing:CTDN unauthorized:-",
        {"pk": "payment"},
    ),
    "/api/v1/cash-sessions/": Page(
        "ok:AMKVUS missing:CTDN unauthorized:-",
        "wrong:AKS refused:MVU missing:CTDN unauthorized:-",
    ),
    "/api/v1/cash-sessions/<pk>/": Page(
        "ok:AMKVUS missing:CTDN unauthorized:-",
        "method:AKS refused:MVU missing:CTDN unauthorized:-",
        {"pk": "cash_session"},
    ),
    "/api/v1/quality-tests/": Page(
        "ok:AMCTKVUS missing:DN unauthorized:-",
        "wrong:AMCS refused:TKVU missing:DN unauthorized:-",
    ),
    "/api/v1/quality-tests/<pk>/": Page(
        "ok:AMCTKVUS missing:DN unauthorized:-",
        "method:AMCS refused:TKVU missing:DN unauthorized:-",
        {"pk": "quality_test"},
    ),
    "/api/v1/lab-results/": Page(
        "ok:AMCTKVUS missing:DN unauthorized:-",
        "wrong:AMCS refused:TKVU missing:DN unauthorized:-",
    ),
    "/api/v1/lab-results/<pk>/": Page(
        "ok:AMCTKVUS missing:DN unauthorized:-",
        "method:AMCS refused:TKVU missing:DN unauthorized:-",
        {"pk": "lab_result"},
    ),
    "/api/v1/sync/hello/": Page(SYNC_READ, SYNC_OTHER),
    "/api/v1/sync/pull/": Page(SYNC_READ, SYNC_OTHER),
    "/api/v1/sync/push/": Page(SYNC_OTHER, "wrong:AMCTS missing:KVDUN unauthorized:-"),
    "/api/v1/deliveries/": Page(REGISTER_READ, REGISTER_RECEIVES),
    "/api/v1/deliveries/<pk>/": Page(
        REGISTER_READ,
        "method:AMCTS refused:KVDU missing:N unauthorized:-",
        {"pk": "delivery"},
    ),
    **{
        # The agent has weighed it.
        f"/api/v1/deliveries/<pk>/{act}/": Page(
            REGISTER_NO_GET, REGISTER_RECEIVES, {"pk": "delivery"}
        )
        for act in ("correct", "void")
    },
    "/api/v1/deliveries/<pk>/destinations/": Page(
        "ok:AMCTKVUS missing:DN unauthorized:-",
        "method:AMCTS refused:KVDU missing:N unauthorized:-",
        {"pk": "delivery"},
    ),
    "/api/v1/batches/": Page(
        "ok:AMCTKVUS missing:DN unauthorized:-",
        "wrong:AMCS refused:TKVU missing:DN unauthorized:-",
    ),
    "/api/v1/batches/<code>/": Page(
        "ok:AMCTKVUS missing:DN unauthorized:-",
        "method:AMCS refused:TKVU missing:DN unauthorized:-",
        {"code": "batch"},
    ),
    "/api/v1/batches/<code>/readings/": Page(
        "ok:AMCTKVUS missing:DN unauthorized:-",
        "wrong:AMCS refused:TKVU missing:DN unauthorized:-",
        {"code": "batch"},
    ),
    **{
        f"/api/v1/batches/<code>/{act}/": Page(
            "method:AMCTKVUS missing:DN unauthorized:-",
            "wrong:AMCS refused:TKVU missing:DN unauthorized:-",
            {"code": "batch"},
        )
        for act in ("add", "take-out", "finish", "void")
    },
    "/api/v1/lots/": Page(
        "ok:AMCTKVUS missing:DN unauthorized:-",
        "method:AMCS refused:TKVU missing:DN unauthorized:-",
    ),
    "/api/v1/lots/<code>/": Page(
        "ok:AMCTKVUS missing:DN unauthorized:-",
        "method:AMCS refused:TKVU missing:DN unauthorized:-",
        {"code": "lot"},
    ),
    "/api/v1/lots/<code>/origin/": Page(
        "ok:AMCKVUS missing:TDN unauthorized:-",
        "method:AMCS refused:TKVU missing:DN unauthorized:-",
        {"code": "lot"},
    ),
    "/api/v1/gatherings/": Page(REGISTER_READ, REGISTER_FIELD),
    "/api/v1/gatherings/<pk>/": Page(
        REGISTER_READ, "method:AMTS refused:CKVDU missing:N unauthorized:-", {"pk": "gathering"}
    ),
    "/api/v1/gatherings/<pk>/attendances/": Page(
        REGISTER_READ, REGISTER_FIELD, {"pk": "gathering"}
    ),
    "/api/v1/input-kinds/": Page(
        "ok:AMCTKVUS missing:DN unauthorized:-",
        "method:AMS refused:CTKVU missing:DN unauthorized:-",
    ),
    "/api/v1/input-kinds/<pk>/": Page(
        "ok:AMCTKVUS missing:DN unauthorized:-",
        "method:AMS refused:CTKVU missing:DN unauthorized:-",
        {"pk": "input_kind"},
    ),
    "/api/v1/input-distributions/": Page(
        "ok:AMTKVUS missing:CDN unauthorized:-",
        "wrong:AMTS refused:KVU missing:CDN unauthorized:-",
    ),
    "/api/v1/input-distributions/<pk>/": Page(
        "ok:AMTKVUS missing:CDN unauthorized:-",
        "method:AMTS refused:KVU missing:CDN unauthorized:-",
        {"pk": "input"},
    ),
    **{
        route: Page(
            "ok:AMTKVUS missing:CDN unauthorized:-",
            "method:AMS refused:TKVU missing:CDN unauthorized:-",
            args,
        )
        for route, args in (
            ("/api/v1/volunteers/", {}),
            ("/api/v1/volunteers/<pk>/", {"pk": "volunteer"}),
            ("/api/v1/allies/", {}),
            ("/api/v1/allies/<pk>/", {"pk": "ally"}),
        )
    },
    **{
        route: Page(
            "ok:AMKVUS missing:CTDN unauthorized:-",
            "method:AMKS refused:VU missing:CTDN unauthorized:-",
            args,
        )
        for route, args in (
            ("/api/v1/contributions/", {}),
            ("/api/v1/contributions/<pk>/", {"pk": "contribution"}),
        )
    },
    # --- The admin's own pages -------------------------------------------------------------------
    "/admin/": Page(STAFF_ONLY, STAFF_ONLY),
    "/admin/login/": Page(f"moved:{SIGNED_IN} login:-", f"moved:{SIGNED_IN} login:-"),
    "/admin/logout/": Page(
        f"moved:{STAFF} missing:{NOT_STAFF} moved:-", f"login:{STAFF} missing:{NOT_STAFF} moved:-"
    ),
    "/admin/autocomplete/": Page(NO_SUCH_ROW, STAFF_NO_POST),
    "/admin/jsi18n/": Page(STAFF_ONLY, STAFF_NO_POST),
    "/admin/<app_label>/": Page(STAFF_ONLY, STAFF_ONLY),
    "/admin/<url>": Page(NO_SUCH_ROW, NO_SUCH_ROW, {"url": "no_such_key"}),
}

ADMIN: dict[str, Admin] = {
    "accounts/user": Admin(view=STAFF, add="AS", change="AS", record="delegate"),
    "members/community": Admin(view=STAFF, add="AMS", change="AMS", record="community"),
    "members/chakra": Admin(view=STAFF, change="AMS", record="chakra"),
    "members/landmark": Admin(view=STAFF, add="AMS", change="AMS", delete="AMS"),
    "members/chakraconflict": Admin(view=STAFF, record="conflict"),
    "members/family": Admin(view=STAFF, add="AMS", change="AMS", record="family"),
    "members/communityassignment": Admin(view=STAFF, add="AMS", delete="AMS", record="assignment"),
    "members/person": Admin(view=STAFF, add="AMS", change="AMS", record="person"),
    "members/partner": Admin(view=STAFF, add="AMS", change="AMS", record="partner"),
    "members/gathering": Admin(view=STAFF, change="AMS", record="gathering"),
    "members/inputkind": Admin(view=STAFF, add="AMS", change="AMS", record="input_kind"),
    "members/volunteer": Admin(view=STAFF, add="AMS", change="AMS", record="volunteer"),
    "members/stay": Admin(view=STAFF, add="AMS", change="AMS", record="stay"),
    "members/ally": Admin(view=STAFF, add="AMS", change="AMS", record="ally"),
    "members/agreement": Admin(view=STAFF, add="AMS", change="AMS", record="agreement"),
    "members/contribution": Admin(view=STAFF, add="AMKS", change="AMKS", record="contribution"),
    **{
        f"harvests/{model}": Admin(view=STAFF, add="AMS", change="AMS", record=record)
        for model, record in {
            "product": "product",
            "productform": "product_form",
            "variety": "variety",
            "quality": "quality",
            "formfigure": "figure",
            "season": "season",
            "collectioncenter": "center",
            "place": "place",
            "processkind": "process_kind",
            "processphase": "phase",
            "processroute": "route",
        }.items()
    },
    "rules/rulevalue": Admin(view=STAFF, add="AMS", change="AMS", record="rule_value"),
    "members/certificationscheme": Admin(view=STAFF, add="AMS", change="AMS", record="scheme"),
    "members/checklist": Admin(view=STAFF, add="AMS", change="AMS", record="checklist"),
    "members/certificate": Admin(view=STAFF, add="AMS", change="AMS", record="certificate"),
    "members/chakracertification": Admin(view=STAFF, change="AMS", record="chakra_status"),
    "members/sanction": Admin(view=STAFF, record="sanction"),
    "accounts/apitoken": Admin(view="AS", record="delegates_token"),
}
