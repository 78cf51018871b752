"""Scripts that make the learned weights; they need scikit-learn, which Palou itself does not."""
