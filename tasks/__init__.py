"""When things run; no logic: every task calls one function of the store or of search."""
