"""Archive files: which there are, what stands in them, and writing them."""
