"""The work itself: a module for each workload, with `prepare(parameters, context)`."""

from importlib import import_module

NAMES = ('primes', 'squares', 'sha256', 'matmul', 'sleep', 'file', 'http', 'messages')


class Context:
    """What a kernel may know. It does not know under which model it runs, unless it asks."""

    def __init__(self, spec, worker, exchange, hand_back):
        self.seed = spec['seed']
        self.worker = worker
        self.workers = spec['workers']
        self.folder = spec['folder']
        self.server_port = spec['serverPort']
        # Folder of kernels that were compiled for this interpreter.
        self.kernels = spec.get('kernels')
        self.words = tuple(word for word in (spec['variant'] or '').split(', ') if word)
        self.model = spec['model']
        self.exchange = exchange
        self._hand_back = hand_back

    def hand_back(self, output):
        """Gives the host what a task has returned; where the two share their memory there is nothing to do.

        :raises CannotBePickled: in words
        """
        if self._hand_back is not None:
            from corescope.handing import pickled

            self._hand_back(pickled(output, self.model))


def load(name):
    """:raises ValueError: where there is no such workload in Python"""
    if name not in NAMES:
        raise ValueError('there is no workload %s in Python' % name)
    return import_module('corescope.workloads.' + name)


def prepare(spec, worker, exchange, hand_back=None):
    """The kernel of a trial's workload, for one worker."""
    context = Context(spec, worker, exchange, hand_back)
    if spec['workload'].endswith('.py'):
        from corescope.own import prepare as prepare_own

        return prepare_own(spec, context)
    return load(spec['workload']).prepare(spec['parameters'], context)
