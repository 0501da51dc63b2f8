"""Runs the one trial that a host on Dask is for, and ends."""

from corescope import program
from corescope.failure import TrialFailure, words_of


def run(lab):
    program.run(lab, _make_crew)


def _make_crew(spec):
    if spec['model'] == 'inline':
        # The baseline: the same kernel without Dask.
        from corescope.models import make_crew

        return make_crew(spec)
    try:
        from corescope.cluster.crew import DaskCrew
    except ImportError as error:
        raise TrialFailure(
            'this interpreter has no Dask.distributed (%s): apt-get install python3-distributed, '
            'or pip install "dask[distributed]"' % words_of(error)
        ) from error
    return DaskCrew(spec)
