"""The directory's rows: what the search reads, and the public profile out of the other rooms' rows."""
