"""The Free Music Archive: its archive, its tables and what the field does with them."""
