"""Fetch pages from the sites in crawler/sites/ and turn stored pages into articles."""
