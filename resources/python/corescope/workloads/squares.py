"""Squares one number: the smallest task there is, so what it costs is the dispatch."""

# Largest number whose square a double still holds exactly.
_largest = 94906265


class Squares:
    def __init__(self, start):
        self._start = start

    def task(self, index):
        number = (self._start + index) % (_largest + 1)
        return number * number

    def verify(self, index, checksum):
        """By the third binomial formula: n² = (n − 1)(n + 1) + 1."""
        number = (self._start + index) % (_largest + 1)
        return (number - 1) * (number + 1) + 1 == checksum


def prepare(parameters, context):
    return Squares(int(parameters['start']))
