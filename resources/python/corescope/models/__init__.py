"""How workers are started and what they are: a module for each model."""

from importlib import import_module

_models = {
    'inline': ('inline', 'Inline'),
    'threads': ('threads', 'Threads'),
    'processes': ('processes', 'Processes'),
    'pool': ('pool', 'Pool'),
    'thread-pool': ('executors', 'ThreadPool'),
    'process-pool': ('executors', 'ProcessPool'),
    'interpreters': ('interpreters', 'Interpreters'),
}


def make_crew(spec):
    """The workers of a trial, none of which has been started.

    Only the module of its own model is imported: the host's memory is part of the result.
    """
    module, name = _models[spec['model']]
    return getattr(import_module('corescope.models.' + module), name)(spec)
