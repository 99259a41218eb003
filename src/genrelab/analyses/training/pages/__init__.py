"""What the report shows of training: the pages Models and Confusion."""
