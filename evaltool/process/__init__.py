"""Process charts of a Release: limits, signals and what they mean, worked out from the released numbers only."""
