"""Makes a package callable, for a public function that has the name of a package."""

import sys
from importlib import import_module
from types import ModuleType
from typing import Any


def make_callable(package: str, module: str, function: str) -> None:
    """Let a call of a package call a function, which is imported when it is called.

    Importing `genrelab.tables` binds the package to the name `tables` of `genrelab`, over the function of that name.

    Args:
        package: Dotted name of the package, imported already.
        module: Dotted name of the module that defines the function.
        function: Its name.
    """

    class CallablePackage(ModuleType):
        def __call__(self, *arguments: Any, **named: Any) -> Any:
            return getattr(import_module(module), function)(*arguments, **named)

    sys.modules[package].__class__ = CallablePackage
