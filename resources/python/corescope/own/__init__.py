"""A module of the user's own as a workload: the twin of `src/engine/execution/own`."""


def prepare(spec, context):
    """The kernel of the module, for one worker; it has set itself up.

    :raises OwnFailure:
    """
    from corescope.own.kernel import OwnKernel
    from corescope.own.module import OwnModule

    return OwnKernel(OwnModule(spec['workload']), context)
