"""How a hidden suite is written: spaces of cases, checks, comparisons, known answers."""
