"""What an operator may change: settings, vocabularies, rules, calendars, trust anchors."""
