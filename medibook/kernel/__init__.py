"""What every room shares: time, money, identity, the one door to the database."""
