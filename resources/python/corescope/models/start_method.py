"""How `multiprocessing` is to start processes."""

_methods = ('spawn', 'fork', 'forkserver')


def context_for(spec):
    """The context of `multiprocessing` that a trial's variant names.

    :raises TrialFailure: where this system does not have it
    """
    import multiprocessing

    words = (spec['variant'] or '').split(', ')
    method = next((word for word in words if word in _methods), 'spawn')
    if method not in multiprocessing.get_all_start_methods():
        from corescope.failure import TrialFailure

        have = ', '.join(multiprocessing.get_all_start_methods())
        raise TrialFailure('the start method %s is not to be had here: there is %s' % (method, have))
    if spec['folder'] is not None:
        # Its own folder would be left in the system's for ever: only an interpreter that ends by itself
        # removes it, and a host is ended. Here and in all who are started from here.
        multiprocessing.current_process()._config['tempdir'] = spec['folder']
    return multiprocessing.get_context(method)
