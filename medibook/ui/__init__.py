"""What people see and read: the look, the words, the frame round every page."""
