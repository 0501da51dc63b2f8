"""Loads a module of the user's own by its path, and says what it has."""

import importlib
import inspect
import keyword
import os
import re
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import find_spec, spec_from_file_location

from corescope.own.failure import OwnFailure, own_failure

# What a module may have, and how many arguments each may take.
_most_arguments = {'task': 2, 'inputs': 1, 'setup': 0, 'check': 2}
_allowed_arguments = {
    'task': 'none, its input, or its input and the context',
    'inputs': 'none, or how many are wanted',
    'setup': 'none',
    'check': 'the output, or the output and the input',
}
_allowed_module = 'a module with a function task(input, context)'


class OwnModule:
    """Only the task is there in any case; the others may be None.

    In threads all workers have the one module: what it keeps outside of its functions they share.
    """

    def __init__(self, path):
        """:raises OwnFailure: where it cannot be loaded, or has not what it must"""
        self.path = path
        self.file = os.path.basename(path)
        try:
            module = importlib.import_module(make_known(path))
        except BaseException as error:
            raise own_failure(error, path, 'loading ' + self.file)
        if getattr(module, 'task', None) is None:
            raise OwnFailure('%s has no task%s; allowed: %s' % (self.file, _others(module), _allowed_module))
        self.task, self.task_arguments = self._function(module, 'task')
        self.inputs, self.inputs_arguments = self._function(module, 'inputs')
        self.setup, _ = self._function(module, 'setup')
        self.check, self.check_arguments = self._function(module, 'check')

    def _function(self, module, name):
        """It, and how many arguments it is given."""
        function = getattr(module, name, None)
        if function is None:
            return None, 0
        what = 'what %s has as %s' % (self.file, name)
        if not callable(function):
            raise OwnFailure('%s is %s; allowed: a function' % (what, shown(function)))
        if inspect.iscoroutinefunction(function):
            raise OwnFailure('%s is a coroutine (async def); allowed: a function (def)' % what)
        if name != 'inputs' and inspect.isgeneratorfunction(function):
            raise OwnFailure('%s is a generator (it yields); allowed: a function that returns' % what)
        most = _most_arguments[name]
        positional, required = _arguments_of(function, most)
        if required > most:
            raise OwnFailure(
                '%s wants %d arguments; allowed: %s' % (what, required, _allowed_arguments[name])
            )
        return function, min(positional, most)


def make_known(path):
    """Lets the module be imported by the name that it returns: whoever unpickles what it has made does so."""
    path = os.path.abspath(path)
    name = _name_for(path)
    if not any(isinstance(finder, _Finder) and finder.name == name for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder(name, path))
        _add_folder(os.path.dirname(path))
    return name


def _name_for(path):
    """Its file's, unless something else is called so; the same in every process of a trial."""
    stem = os.path.splitext(os.path.basename(path))[0]
    if stem.isidentifier() and not keyword.iskeyword(stem) and not _is_taken(stem, path):
        return stem
    return 'own_' + re.sub(r'\W', '_', stem)


def _is_taken(name, path):
    try:
        spec = find_spec(name)
    except (ImportError, ValueError):
        return True
    if spec is None:
        return False
    return spec.origin is None or os.path.realpath(spec.origin) != os.path.realpath(path)


def _add_folder(folder):
    """Modules beside it are found after those of Python's own library, which others need, and before others."""
    if folder in sys.path:
        return
    installed = (
        at for at, each in enumerate(sys.path) if 'site-packages' in each or 'dist-packages' in each
    )
    sys.path.insert(next(installed, len(sys.path)), folder)


class _Finder:
    """Finds the one module."""

    def __init__(self, name, path):
        self.name = name
        self._path = path

    def find_spec(self, name, path=None, target=None):
        if name != self.name:
            return None
        return spec_from_file_location(name, self._path, loader=_Loader(name, self._path))


class _Loader(SourceFileLoader):
    """Reads it anew each time, and leaves nothing beside it: it is known by what is in it now."""

    def get_code(self, fullname):
        path = self.get_filename(fullname)
        return self.source_to_code(self.get_data(path), path)


def _arguments_of(function, most):
    """How many arguments it takes by their place, and how many it must be given."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        # Of what is not written in Python it may not be known.
        return min(1, most), 0
    by_place = [each for each in parameters if each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD)]
    must = [
        each
        for each in parameters
        if each.default is each.empty and each.kind not in (each.VAR_POSITIONAL, each.VAR_KEYWORD)
    ]
    takes_any = any(each.kind == each.VAR_POSITIONAL for each in parameters)
    # One that must be given by its name is one too many.
    named = any(each.kind == each.KEYWORD_ONLY for each in must)
    return most if takes_any else len(by_place), len(must) + (most if named else 0)


def _others(module):
    names = [
        name
        for name, value in vars(module).items()
        if not name.startswith('_') and not inspect.ismodule(value)
    ]
    return ', but ' + ', '.join(names[:10]) if names else ', and nothing else'


def shown(value):
    try:
        text = repr(value)
    except Exception:
        text = type(value).__name__
    text = ''.join(each if each.isprintable() else ' ' for each in text)
    return text if len(text) <= 80 else text[:80] + '…'
