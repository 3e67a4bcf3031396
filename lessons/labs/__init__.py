"""The labs: a few plain Django views each, which know nothing of being watched. They import nothing but Django."""
