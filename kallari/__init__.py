"""The project: settings, addresses, the admin site, and what every app stands on."""
