"""The pages of this room, each a module; the root imports them by name."""
