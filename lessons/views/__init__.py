"""Thin views: each reads what it needs, lets a module do the work, and renders."""
