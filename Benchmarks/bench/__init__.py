"""`make bench`: Tollgate against the same rows written without it, as ratios within one run."""
