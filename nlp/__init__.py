"""Read articles into findings: people, offices, organisations, campaigns, awards, grants, figures."""
