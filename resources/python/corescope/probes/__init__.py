"""What is no crew doing tasks but a procedure of its own: a module for each, with `observe(spec, begin)`."""

NAMES = ('races',)
