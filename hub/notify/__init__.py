"""Reaching people who are not looking: Web Push, e-mail, SMS, webhook, each behind one door."""
