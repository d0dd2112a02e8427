"""The installation: Scrapyd, schedules, units, containers."""
