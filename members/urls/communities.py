"""Addresses."""

from django.urls import include, path

from kallari.imports.views import addresses
from members.imports.communities import CommunityImporter
from members.views import communities as views

urlpatterns = [
    path("", views.communities, name="communities"),
    path("nueva/", views.add, name="add"),
    path("puestos/", views.seats, name="seats"),
    path("importar/", include(addresses(CommunityImporter))),
    path("<int:pk>/", views.community, name="community"),
    path("<int:pk>/corregir/", views.correct, name="correct"),
    path("<int:pk>/escritura/", views.add_alias, name="add_alias"),
    path("<int:pk>/encargar/", views.assign, name="community_assign"),
    path(
        "<int:pk>/encargados/<int:assignment>/retirar/",
        views.withdraw,
        name="community_withdraw",
    ),
    path("<int:pk>/cerrar/", views.close, name="close"),
    path("<int:pk>/abrir/", views.reopen, name="reopen"),
]
