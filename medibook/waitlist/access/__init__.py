"""The rows of the waiting list: who may see which. Absent and forbidden look alike: both are NotFound."""
