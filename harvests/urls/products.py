"""Addresses of what is bought."""

from django.urls import path

from harvests.views import products as views

urlpatterns = [
    path("", views.products, name="products"),
    path("usual/", views.usual, name="products_usual"),
]
