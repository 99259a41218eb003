"""Great Expectations suites, derived from the declarations and extended by checks that people wrote."""
