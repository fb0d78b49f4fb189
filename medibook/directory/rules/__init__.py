"""How a search is understood, ordered and widened; how names are compared, and how far it is."""
