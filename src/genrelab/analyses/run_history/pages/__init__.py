"""What the report shows of this analysis: pages, their charts and their templates."""
