"""The public address to which the QR of a receipt leads."""

from django.urls import path

from harvests.views import receipts as views

urlpatterns = [path("<uuid:pk>/", views.receipt_check, name="receipt_check")]
