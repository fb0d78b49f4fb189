"""Words that every room shares: time, money, identity, the one door to the database. Knows no room."""
