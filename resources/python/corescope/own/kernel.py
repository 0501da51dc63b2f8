"""Does the tasks of a module of the user's own, checks them as the module says, and hands on what they return."""

from itertools import cycle

from corescope.own.failure import own_failure


class TaskContext:
    """What a task is given beside its input."""

    __slots__ = ('index', 'worker', 'workers', 'seed', 'setup')

    def __init__(self, index, worker, workers, seed, setup):
        """
        :param index: of the task, from 0
        :param worker: its number, from 0
        :param setup: what `setup()` returned in this worker
        """
        self.index = index
        self.worker = worker
        self.workers = workers
        self.seed = seed
        self.setup = setup


class OwnKernel:
    """Its checksums say nothing: whether an output is right is for `check` to say."""

    def __init__(self, module, context):
        self._module = module
        self._path = module.path
        setup = None
        if module.setup is not None:
            try:
                setup = module.setup()
            except BaseException as error:
                raise own_failure(error, self._path, 'setup()')
        self._call = _calling(module, (context.worker, context.workers, context.seed, setup))
        # None where the input of a task is its number.
        self._input_of = None
        self._input = self._output = None
        self._hand_back = context.hand_back

    def take_in_turn(self, inputs):
        """Those of its tasks, in their order; it begins anew at their end."""
        turn = cycle(inputs)
        self._input_of = lambda index: next(turn)

    def take_all(self, inputs):
        """Of all tasks: of task i the input `i % length`."""
        length = len(inputs)
        self._input_of = lambda index: inputs[index % length]

    def take(self, given):
        """Of the next task."""
        self._input_of = lambda index: given

    def task(self, index):
        self._input = index if self._input_of is None else self._input_of(index)
        try:
            self._output = self._call(self._input, index)
        except BaseException as error:
            raise own_failure(error, self._path)
        return 0

    def verify(self, index, checksum):
        is_right = self._is_right(index)
        self._hand_back(self._output)
        self._input = self._output = None
        return is_right

    def _is_right(self, index):
        module = self._module
        if module.check is None:
            return True
        try:
            if module.check_arguments == 2:
                return bool(module.check(self._output, self._input))
            return bool(module.check(self._output) if module.check_arguments else module.check())
        except BaseException as error:
            raise own_failure(error, self._path, 'check()', index)


def _calling(module, of_worker):
    """Calls the task with as many arguments as it takes."""
    task = module.task
    if module.task_arguments == 2:
        return lambda given, index: task(given, TaskContext(index, *of_worker))
    if module.task_arguments == 1:
        return lambda given, index: task(given)
    return lambda given, index: task()
