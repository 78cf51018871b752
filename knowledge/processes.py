"""Starts Python processes that run our own code, whatever lies where the operator stands."""

from __future__ import annotations

import os
import sys
from pathlib import Path

# Where our packages lie: the folder of a checkout, or the site-packages of a wheel.
_ROOT = str(Path(__file__).parent.parent)

_PROGRAM = (
    "import sys; sys.path[:] = {path!r}; import {packages}; del sys.path[0]; "
    "from {module} import {function}; sys.exit({function}(*sys.argv[1:]))"
)


def python_command(call: str, *arguments: str) -> list[str]:
    """The command that runs `package.module:function` with arguments, for `subprocess.Popen`.

    The function returns the exit status, or None for 0. Its package is the one that lies beside
    this file, also where the working folder has another of that name: Python starts with `-P`,
    which leaves the working folder out. All else is found where this process finds it. The
    environment stays as it is, so that nothing reaches the processes that the function starts.
    """
    module, _, function = call.partition(":")
    packages = sorted({module.partition(".")[0], __name__.partition(".")[0]})
    # Only while our packages are imported does their folder come first: as site-packages, it may
    # hold namesakes of modules of the standard library.
    program = _PROGRAM.format(
        path=[_ROOT, *filter(os.path.isabs, sys.path)],
        packages=", ".join(packages),
        module=module,
        function=function,
    )
    return [sys.executable, "-P", "-c", program, *arguments]
