"""Runs the one trial that a host on Dask is for, and ends."""

import re

from corescope import program
from corescope.failure import TrialFailure, words_of

# From there on its workers keep their account of transfers by the names that are read here.
_oldest = (2022, 12)


def run(lab):
    program.run(lab, _make_crew)


def _make_crew(spec):
    if spec['model'] == 'inline':
        # The baseline: the same kernel without Dask.
        from corescope.models import make_crew

        return make_crew(spec)
    try:
        from distributed import __version__

        refuse_older(__version__)
        from corescope.cluster.crew import DaskCrew
    except ImportError as error:
        raise TrialFailure(
            'this interpreter has no Dask.distributed (%s): apt-get install python3-distributed, '
            'or pip install "dask[distributed]"' % words_of(error)
        ) from error
    return DaskCrew(spec)


def refuse_older(version):
    """
    :param version: of Dask.distributed, such as 2022.12.1
    :raises TrialFailure: where it is too old
    """
    if tuple(int(number) for number in re.findall(r'\d+', version)[:2]) < _oldest:
        raise TrialFailure('Dask.distributed is %s; allowed: %d.%d or later' % (version, *_oldest))
