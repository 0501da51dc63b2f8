"""What Corescope runs in Python: the host of a trial and its workers. Plain standard library, 3.8 and later."""
