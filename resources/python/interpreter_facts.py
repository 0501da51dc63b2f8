"""Tells what an interpreter is, as one line of JSON on standard output.

Run by whatever claims to be a Python, before anything else is asked of it: it must run on 2.7 as well,
and import as little as possible. The line begins with a mark, as others (sitecustomize, a .pth file)
may write there too.
"""

from __future__ import print_function

import sys

MARK = 'corescope-interpreter '
OLDEST = (3, 8)
NAMES = {'cpython': 'CPython', 'pypy': 'PyPy', 'graalpy': 'GraalPy'}
RELEASES = {'alpha': 'a', 'beta': 'b', 'candidate': 'rc'}
# What our host cannot do without, in any model.
NEEDED = ('hashlib', 'json', 'selectors', 'socket', 'threading')


def version_text():
    """As 3.11.2, or 3.14.0rc1 of one that is not released."""
    info = sys.version_info
    text = '%d.%d.%d' % tuple(info[:3])
    if info[3] in RELEASES:
        text += '%s%d' % (RELEASES[info[3]], info[4])
    return text


def implementation():
    """The name by which it is known."""
    if hasattr(sys, 'implementation'):
        name = sys.implementation.name
    else:
        name = 'pypy' if hasattr(sys, 'pypy_version_info') else 'cpython'
    return NAMES.get(name, name)


def has_gil():
    """Whether threads share one lock as it runs now; that only a free-threaded build says."""
    is_enabled = getattr(sys, '_is_gil_enabled', None)
    return True if is_enabled is None else bool(is_enabled())


def is_there(module):
    """Whether a module can be found, without importing it; what it lies in is imported."""
    from importlib.util import find_spec

    try:
        return find_spec(module) is not None
    except (ImportError, AttributeError, ValueError):
        return False


def is_built_for_us(module, folder=''):
    """Whether the compiled parts in a package's folder are there for this interpreter.

    Debian's PyPy sees the packages of CPython, whose compiled parts it cannot load.
    """
    from importlib.machinery import EXTENSION_SUFFIXES
    from importlib.util import find_spec
    import os

    spec = find_spec(module)
    for place in (spec and spec.submodule_search_locations) or []:
        place = os.path.join(place, folder)
        if not os.path.isdir(place):
            continue
        names = [name for name in os.listdir(place) if name.endswith(('.so', '.pyd'))]
        ours = [name for name in names if '.' + name.split('.', 1)[1] in EXTENSION_SUFFIXES]
        if names and not ours:
            return False
    return True


def version_of(module, distribution):
    """The version of a package, or None where it is not there."""
    if not is_there(module):
        return None
    from importlib import metadata

    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        pass
    try:
        return str(__import__(module).__version__)
    except Exception:
        return None


def compiler():
    """Path of the C compiler that extensions are built with, or of any there is; None without one."""
    from shutil import which
    from sysconfig import get_config_var

    configured = (get_config_var('CC') or '').split()
    for name in configured[:1] + ['cc', 'gcc', 'clang', 'cl']:
        path = which(name)
        if path is not None:
            return path
    return None


def has_headers():
    """Whether modules in C can be compiled for it."""
    import os
    from sysconfig import get_path

    folders = (get_path('include'), get_path('platinclude'))
    return any(os.path.exists(os.path.join(each, 'Python.h')) for each in folders if each)


def models():
    """Ways of executing work that its standard library has."""
    found = ['inline', 'threads']
    # Some builds come without; Debian has one without the package too.
    has_processes = is_there('_multiprocessing') and is_there('multiprocessing.spawn')
    if has_processes:
        found += ['processes', 'pool']
    if is_there('concurrent.futures.thread'):
        found.append('thread-pool')
    if has_processes and is_there('concurrent.futures.process'):
        found.append('process-pool')
    if sys.version_info >= (3, 14) and is_there('concurrent.interpreters'):
        found.append('interpreters')
    return found


def facts():
    """All that is told; of one that is too old no more than what it is."""
    import json
    import os

    # Beside the script lies our own package, which is nobody's module.
    sys.path[:] = [path for path in sys.path if path != os.path.dirname(os.path.abspath(__file__))]
    executable = sys.executable or None
    told = {
        'executable': executable,
        'real': os.path.realpath(executable) if executable else None,
        'prefix': sys.prefix,
        'implementation': implementation(),
        'version': version_text(),
        'missing': [],
    }
    if sys.version_info < OLDEST:
        return json.dumps(told)
    told['missing'] = [module for module in NEEDED if not is_there(module)]
    told['gil'] = has_gil()
    # Dask does nothing without psutil.
    has_dask = is_there('psutil') and is_built_for_us('psutil')
    told['dask'] = version_of('distributed', 'distributed') if has_dask else None
    told['models'] = models() + ([] if told['dask'] is None else ['cluster'])
    # Where the compiled parts lie has changed with version 2.
    has_numpy = all(is_built_for_us('numpy', folder) for folder in ('core', '_core'))
    told['numpy'] = version_of('numpy', 'numpy') if has_numpy else None
    told['cython'] = version_of('Cython', 'Cython')
    told['compiler'] = compiler()
    told['headers'] = has_headers()
    return json.dumps(told)


if __name__ == '__main__':
    LINE = facts()
    # Whatever was written before, this is a line of its own.
    print('\n' + MARK + LINE)
    sys.stdout.flush()
