"""Compiles the kernels of C and Cython for the interpreter that runs it: `build_kernels.py --out FOLDER`.

Prints one line of JSON: for each kernel, as a variant names it, `{"made": FILE}`, or `{"missing": …}` with
what is missing and what to install.
"""

import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile

_sources = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'kernels')
# A compiler that takes longer hangs, in s.
_patience = 120
_no_compiler = (
    'no C compiler was found (cc, gcc, clang); install one: apt-get install gcc,'
    ' xcode-select --install on macOS, or set CC to its path'
)


class Missing(Exception):
    """What is not there, and what to do."""


def main():
    parser = argparse.ArgumentParser(description='Compiles kernels for the interpreter that runs this.')
    parser.add_argument('--out', required=True, metavar='FOLDER', help='where they are put')
    folder = os.path.abspath(parser.parse_args().out)
    from corescope.compiled import CTYPES, NOGIL, PRANGE

    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        sys.exit('%s cannot be written to: %s; allowed: a folder' % (folder, error.strerror))
    builds = {CTYPES: build_library, NOGIL: build_extension, PRANGE: build_extension}
    print(json.dumps({kernel: made_by(builds[kernel], kernel, folder) for kernel in builds}))


def made_by(build, kernel, folder):
    from corescope.compiled import file_of

    name = file_of(kernel)
    try:
        with tempfile.TemporaryDirectory() as scratch:
            made = os.path.join(scratch, name)
            build(kernel, made, scratch)
            # At once, whoever else makes it now.
            held = os.path.join(folder, '%s.%d' % (name, os.getpid()))
            shutil.copyfile(made, held)
            os.replace(held, os.path.join(folder, name))
    except Missing as missing:
        return {'missing': str(missing)}
    except OSError as error:
        return {'missing': 'it could not be written: %s' % error}
    return {'made': name}


def build_library(kernel, made, scratch):
    compile_c(os.path.join(_sources, 'primes.c'), made)


def build_extension(kernel, made, scratch):
    """:raises Missing:"""
    compiler()
    cython = import_cython()
    headers = [sysconfig.get_path('include'), sysconfig.get_path('platinclude')]
    if not any(os.path.exists(os.path.join(each, 'Python.h')) for each in headers):
        raise Missing('the headers of %s are not there (Python.h); %s' % (name(), how_to_get_headers()))
    openmp = openmp_flags(scratch) if kernel.endswith('prange') else []
    source = os.path.basename(made).split('.')[0]
    c_file = os.path.join(scratch, source + '.c')
    translate(cython, os.path.join(_sources, source + '.pyx'), c_file)
    flags = ['-I' + each for each in dict.fromkeys(headers)]
    if sys.platform == 'win32':
        library = 'python%d%d' % sys.version_info[:2]
        flags += ['-L' + os.path.join(sys.base_prefix, 'libs'), '-l' + library]
    if sys.platform == 'darwin':
        flags += ['-undefined', 'dynamic_lookup']
    compile_c(c_file, made, flags + openmp)


def import_cython():
    try:
        import Cython
    except ImportError:
        raise Missing(
            '%s has no Cython; install it: "%s" -m pip install cython%s'
            % (name(), sys.executable, ', or apt-get install cython3' if is_debians() else '')
        )
    return Cython


def translate(cython, source, c_file):
    from Cython.Compiler.Errors import CompileError
    from Cython.Compiler.Main import CompilationOptions, compile
    from Cython.Compiler.Main import default_options

    directives = {}
    if tuple(int(part) for part in cython.__version__.split('.')[:2]) >= (3, 1):
        # Else a build without the lock would take it up again with this module.
        directives['freethreading_compatible'] = True
    options = CompilationOptions(default_options, output_file=c_file, compiler_directives=directives)
    try:
        result = compile([source], options)
    except CompileError as error:
        raise Missing('Cython %s does not translate it: %s' % (cython.__version__, last_line(str(error))))
    if result.num_errors > 0:
        raise Missing('Cython %s does not translate it' % cython.__version__)


def openmp_flags(scratch):
    """What has the compiler use OpenMP."""
    source = os.path.join(scratch, 'openmp.c')
    with open(source, 'w') as file:
        file.write('#include <omp.h>\nint threads(void) { return omp_get_max_threads(); }\n')
    for flags in (['-fopenmp'], ['-Xpreprocessor', '-fopenmp', '-lomp']):
        try:
            compile_c(source, os.path.join(scratch, 'openmp.so'), flags)
            return flags
        except Missing:
            pass
    raise Missing(
        '%s has no OpenMP; install it: apt-get install libgomp1 for gcc, libomp-dev for clang,'
        ' brew install libomp on macOS' % compiler()[0]
    )


def compile_c(source, made, flags=()):
    """:raises Missing: with the last line that the compiler wrote"""
    command = [*compiler(), '-O2', '-shared', *([] if sys.platform == 'win32' else ['-fPIC'])]
    try:
        done = subprocess.run(
            [*command, source, '-o', made, *flags],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_patience,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Missing('%s could not be run: %s' % (command[0], error))
    if done.returncode != 0:
        written = done.stdout.decode('utf-8', 'replace')
        why = next((line for line in written.splitlines() if 'error' in line), last_line(written))
        raise Missing('%s does not compile it: %s' % (command[0], why.strip()))


def compiler():
    """The command of the C compiler, as its parts."""
    asked = shlex.split(os.environ.get('CC', ''))
    for command in [asked] if asked else [['cc'], ['gcc'], ['clang']]:
        if shutil.which(command[0]) is not None:
            return command
    raise Missing('CC names %s, which is not there' % asked[0] if asked else _no_compiler)


def name():
    import platform

    return '%s %s' % (platform.python_implementation(), platform.python_version())


def how_to_get_headers():
    if is_debians():
        is_pypy = sys.implementation.name == 'pypy'
        return 'install them: apt-get install ' + ('pypy3-dev' if is_pypy else 'python3-dev')
    return 'install what its maker calls its development package'


def is_debians():
    return os.path.realpath(sys.executable).startswith('/usr/bin/') or os.path.realpath(
        sys.executable
    ).startswith('/usr/lib/')


def last_line(text):
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else 'it says nothing'


if __name__ == '__main__':
    main()
