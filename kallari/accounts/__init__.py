"""Accounts: who may sign in, with which roles, and how they prove who they are."""
