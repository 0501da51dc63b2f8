"""Your own code in Python, to be run inline, in threads and in processes:

    corescope run --workload ./my_task.py --runtime python --models inline,threads,processes

It runs as it is, with your rights. Only `task` must be there; docs/your-own-code.md says more.
This one looks for the number with the longest Collatz sequence in a range.
"""


def task(given, context):
    """Does one task.

    Its input travels to a worker process and what it returns travels back, both pickled, so that they
    should be small beside the work. It may take both arguments, the input alone, or none.

    :param context: has `index` of the task, `worker`, `workers`, `seed`, and what `setup()` returned
    """
    start, end = given
    known = context.setup
    return max(((number, steps_from(number, known)) for number in range(start, end)), key=lambda each: each[1])


def inputs(count):
    """The inputs, made once, at most `count` of them; tasks take them in turn. Without it a task gets its index."""
    return [(1 + at * 1000, 1 + (at + 1) * 1000) for at in range(count)]


def setup():
    """Is called once in each worker, before the clock starts."""
    known = [0] * 1000
    for number in range(2, len(known)):
        known[number] = steps_from(number, known)
    return known


def check(output, given):
    """Whether an output is right; a wrong one makes the whole trial void."""
    number, steps = output
    return given[0] <= number < given[1] and steps_from(number, []) == steps


def steps_from(start, known):
    number, steps = start, 0
    while number > 1:
        if number < start and number < len(known):
            return steps + known[number]
        number = number // 2 if number % 2 == 0 else 3 * number + 1
        steps += 1
    return steps
