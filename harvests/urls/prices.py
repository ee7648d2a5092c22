"""Addresses of price lists and of the market's prices."""

from django.urls import path

from harvests.views import prices as views

urlpatterns = [
    path("", views.price_lists, name="price_lists"),
    path("nueva/", views.draft, name="price_list_draft"),
    path("mercado/", views.market_prices, name="market_prices"),
    path("mercado/anotar/", views.note_market_price, name="market_price_note"),
    path("<int:pk>/", views.price_list, name="price_list"),
    path("<int:pk>/tabla/", views.table, name="price_list_table"),
    path("<int:pk>/corregir/", views.correct, name="price_list_correct"),
    path("<int:pk>/copiar/", views.copy, name="price_list_copy"),
    path("<int:pk>/aprobar/", views.approve, name="price_list_approve"),
    path("<int:pk>/publicar/", views.publish, name="price_list_publish"),
]
