"""The only place that turns an account, a profile, a link or a picture into rows; and who sees which."""
