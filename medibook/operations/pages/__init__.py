"""The pages on which the clinic looks at itself."""
