"""Small tools for the modules in ``services``: add operations to moto's response classes, and wrap its methods."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import camelcase_to_underscores

Handler = Callable[[Any, dict[str, Any]], dict[str, Any] | None]


def parameters(response: Any) -> dict[str, Any]:
    """The request's parameters as boto3 takes them, by the service model (whatever the response class does itself)."""
    response.parse_parameters(response.normalized_request)
    return dict(response.params)


def add_operation(response_class: type, operation: str, handler: Handler) -> None:
    """Give a response class an operation (botocore's name).

    The handler gets the response object (``.region``, ``.current_account``) and the parameters as boto3 takes them,
    and returns the answer as boto3 returns it. It may raise ``AwsError``. Of REST services, the path must be routed:
    see ``add_path``. Also replaces an operation that is there.
    """

    def method(self: Any) -> ActionResult:
        return ActionResult(handler(self, parameters(self)) or {})

    name = camelcase_to_underscores(operation)
    method.__name__ = name
    setattr(response_class, name, method)


def add_path(urls_module: Any, path: str, handler: Callable[..., Any]) -> None:
    """Route a path (a regular expression after ``{0}``) of a REST service."""
    urls_module.url_paths.setdefault("{0}" + path, handler)


def wrap(owner: type, name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Replace ``owner.name`` with a function that gets the original first: ``def wrapper(original, self, *args)``."""
    original = owner.__dict__[name] if name in owner.__dict__ else getattr(owner, name)

    def decorate(wrapper: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)
        def replacement(self: Any, *args: Any, **kwargs: Any) -> Any:
            return wrapper(original, self, *args, **kwargs)

        setattr(owner, name, replacement)
        return wrapper

    return decorate


def named(original: Callable[..., Any], self: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a call to a wrapped method by their names, however they were passed."""
    signature = inspect.signature(original)
    given = {name: value for name, value in signature.bind(self, *args, **kwargs).arguments.items() if name != "self"}
    for name, parameter in signature.parameters.items():
        if parameter.kind is parameter.VAR_KEYWORD:
            given |= given.pop(name, {})
    return given
