"""Why a check failed: the smallest call, the known mistake, the law it breaks, a picture."""
