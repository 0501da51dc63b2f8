"""The work itself: a module for each workload, with `prepare(parameters, context)`."""

from importlib import import_module

NAMES = ('primes', 'squares', 'sha256', 'matmul', 'sleep', 'file', 'http', 'messages')


class Context:
    """What a kernel may know. It does not know under which model it runs, unless it asks."""

    def __init__(self, spec, worker, exchange):
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


def load(name):
    """:raises ValueError: where there is no such workload in Python"""
    if name not in NAMES:
        raise ValueError('there is no workload %s in Python' % name)
    return import_module('corescope.workloads.' + name)


def prepare(spec, worker, exchange):
    """The kernel of a trial's workload, for one worker."""
    if spec['workload'].endswith('.py'):
        from corescope.own import prepare as prepare_own

        return prepare_own(spec, Context(spec, worker, exchange))
    return load(spec['workload']).prepare(spec['parameters'], Context(spec, worker, exchange))
