"""What must hold: Great Expectations suites, derived from the declarations plus what only a human knows."""
