"""The inputs of a trial's tasks, made once in its host; task i has input `i % length`."""

from itertools import islice
from math import gcd

from corescope.own.failure import OwnFailure, own_failure
from corescope.own.module import OwnModule, shown, make_known
from corescope.own.pickling import why_not_pickled

# Inputs that are asked for where the number of tasks is not known, and the most in any case.
_without_tasks = 256
_most = 10000


def inputs_of(spec, are_sent):
    """None where tasks have their number.

    :param are_sent: whether they go to other processes
    :raises OwnFailure:
    """
    if not spec['workload'].endswith('.py'):
        return None
    # What comes back may be of a class that the module has.
    make_known(spec['workload'])
    if not (spec.get('own') or {}).get('inputs'):
        return None
    made = _made(OwnModule(spec['workload']), min(spec['tasks'] or _without_tasks, _most))
    if are_sent:
        _try_to_pickle(made)
    return Inputs(made)


class Inputs:
    def __init__(self, made):
        self._made = made

    def of_task(self, index):
        return self._made[index % len(self._made)]

    def of_assignment(self, assignment):
        """Those of the tasks that a worker does, in its order; of dynamic tasks all."""
        length = len(self._made)
        how = assignment[0]
        if how == 'range':
            _, first, end = assignment
            return [self.of_task(index) for index in range(first, min(end, first + length))]
        if how == 'until':
            _, first, step, _ = assignment
            return [self.of_task(first + at * step) for at in range(length // gcd(length, step))]
        return self._made

    def pickled(self, batch):
        """Those of a batch's tasks, in its order, as bytes: who carries them need not have the module.

        :param batch: number of the first task, step, and how many they are
        """
        import pickle

        first, step, count = batch
        # Then they begin anew.
        length = len(self._made)
        period = length // gcd(length, step)
        return pickle.dumps(
            [self.of_task(first + at * step) for at in range(min(count, period))], -1
        )


def _made(module, count):
    call = 'inputs(%d)' % count
    try:
        made = module.inputs(count) if module.inputs_arguments else module.inputs()
    except BaseException as error:
        raise own_failure(error, module.path, call)
    allowed = '%s returned %s; allowed: a list of at least one input'
    try:
        each = iter(made)
    except TypeError:
        raise OwnFailure(allowed % (call, shown(made)))
    try:
        inputs = list(islice(each, count))
    except BaseException as error:
        raise own_failure(error, module.path, call)
    if not inputs:
        raise OwnFailure(allowed % (call, 'no input'))
    return inputs


def _try_to_pickle(inputs):
    """Before anything is measured: who sends them later may not be able to say which it was."""
    import pickle

    try:
        pickle.dumps(inputs, -1)
    except Exception as error:
        why = why_not_pickled(inputs, 'inputs', error)
        raise OwnFailure(
            'what inputs() returned cannot be pickled, and is sent to processes: %s; input i is that of task i' % why
        )
