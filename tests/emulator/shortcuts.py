"""What moto works out anew for every request, though it cannot have changed, is worked out once."""

from __future__ import annotations

from moto import backends
from moto.core import DEFAULT_ACCOUNT_ID
from moto.iam import models as iam


def install() -> None:
    """Replace moto's functions."""
    _keep_names_of_services()
    _look_for_access_keys_where_they_can_be()


def _keep_names_of_services() -> None:
    """Moto lists its own directory to tell whether a host is the name of a service."""
    names = frozenset(backends.list_of_moto_modules())
    backends.list_of_moto_modules = lambda: names


def _look_for_access_keys_where_they_can_be() -> None:
    """Moto makes IAM for each of AWS's partitions, with 1,400 policies each, to look for a key in it."""

    def account_of(access_key: str) -> str:
        for account_id, partitions in list(iam.iam_backends.items()):
            if any(access_key in backend.access_keys for backend in list(partitions.values())):
                return account_id
        return DEFAULT_ACCOUNT_ID

    iam.get_account_id_from = account_of
