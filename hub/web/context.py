"""Itinerary: what one request may reach. Four doors, nothing global."""

from __future__ import annotations
