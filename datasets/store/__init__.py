"""Keep pages, articles, findings and entities in SQLite; everything here is the only writer of its table."""
