"""Loads a module of the user's own to see what it has, in a process that may be lost: `inspect_module.py PATH`.

Prints one line of JSON of the type `inspected`, with `exports` or a `problem`. The lab ends it, with all that it has started.
"""

import json
import os
import sys


def main(path):
    # What the module prints shall not meet what is told.
    telling = os.dup(1)
    os.dup2(2, 1)
    # It may put others in their place.
    write, encode = os.write, json.JSONEncoder().encode

    def tell(found):
        write(telling, (encode(dict(found, type='inspected')) + '\n').encode('ascii'))

    from corescope.own.failure import OwnFailure
    from corescope.own.module import OwnModule

    try:
        module = OwnModule(path)
    except OwnFailure as failure:
        return tell({'problem': failure.reason})
    names = ('inputs', 'setup', 'check')
    tell({'exports': {name: getattr(module, name) is not None for name in names}})


if __name__ == '__main__':
    main(sys.argv[1])
