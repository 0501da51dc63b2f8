"""Ways to count up to a number: on a counter of all, or on one's own. Each is a loop of its own."""


class Counter:
    """What threads share. Has the same `value` as what processes share."""

    def __init__(self):
        self.value = 0

    def read(self):
        return self.value

    def write(self, value):
        self.value = value


def plain(counter, lock, updates, tell):
    for _ in range(updates):
        counter.value += 1


def by_methods(counter, lock, updates, tell):
    for _ in range(updates):
        counter.write(counter.read() + 1)


def locked(counter, lock, updates, tell):
    for _ in range(updates):
        with lock:
            counter.value += 1


def message(counter, lock, updates, tell):
    for _ in range(updates):
        tell(1)


WAYS = {'plain': plain, 'methods': by_methods, 'lock': locked, 'own counter': plain, 'message': message}
