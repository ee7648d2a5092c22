"""The API at /api/v1/."""

urlpatterns: list = []
