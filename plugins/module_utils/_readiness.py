# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether an account is ready for a stack: every check asks AWS a little and never writes; all run side by side."""

from __future__ import annotations

import contextlib
import threading
import typing as t
from concurrent.futures import ThreadPoolExecutor

from ansible_collections.webstack.aws.plugins.module_utils._aws import Aws
from ansible_collections.webstack.aws.plugins.module_utils._errors import AwsError

if t.TYPE_CHECKING:
    from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

Fields = dict[str, t.Any]

#: What AWS says in a region that an account has not enabled, and of credentials that it does not know at all.
#: AWS STS API, common errors; Amazon EC2 API, error codes.
UNKNOWN_CREDENTIALS = ("InvalidClientTokenId", "UnrecognizedClientException", "AuthFailure", "RegionDisabledException")

#: The region of each partition that every account has, by how the names of the partition's regions begin.
HOME_REGIONS = {"cn-": "cn-north-1", "us-gov-": "us-gov-west-1", "": "us-east-1"}

WORKERS = 8


class Fault(t.NamedTuple):
    """What is not ready: the variable that asks for it, what is wrong, and what would be right."""

    variable: str
    problem: str
    remedy: str


class Findings:
    """What the checks found: faults, and what could not be asked, in words."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.unchecked: list[str] = []

    def fault(self, variable: str, problem: str, remedy: str) -> None:
        """Note a fault."""
        self.faults.append(Fault(variable, problem, remedy))

    @contextlib.contextmanager
    def asking(self, aws: Aws, what: str) -> t.Iterator[None]:
        """Ask for ``what``; where AWS does not answer, that is noted and nothing else is lost."""
        aws.subject = what
        try:
            yield
        except AwsError as error:
            self.unchecked.append(error.message)


Check = t.Callable[[Aws, Fields, str, Findings], None]


class Place:
    """What ``Aws`` wants of a module, for one region and for several threads, of which one at a time makes a client.

    boto3's guide, "Multithreading or multiprocessing with clients": clients can be shared, sessions cannot.
    """

    _making = threading.Lock()

    def __init__(self, module: AnsibleAWSModule, region: str):
        self._module = module
        self.region = region
        self.check_mode = module.check_mode

    def client(self, service: str, **arguments: t.Any) -> t.Any:
        """A client of the region."""
        with self._making:
            return self._module.client(service, region=self.region, **arguments)

    def aws(self) -> Aws:
        """Calls to AWS from there, for one thread."""
        return Aws(t.cast("AnsibleAWSModule", self))


def home_region(region: str) -> str:
    """The region of the same partition that no account can switch off. Pure."""
    return next(home for beginning, home in HOME_REGIONS.items() if region.startswith(beginning))


def identity(aws: Aws, home: Aws, findings: Findings) -> Fields | None:
    """Who asks. None, with a fault, where the account has not enabled the region. Raises AwsError."""
    aws.subject = "credentials"
    try:
        return aws.read("sts", "get_caller_identity")
    except AwsError as error:
        if error.code not in UNKNOWN_CREDENTIALS or aws.region == home.region:
            raise
        # Credentials are unknown to a region that is not enabled; their home knows them.
        status = _opt_in_status(home, aws.region)
        if status != "not-opted-in":
            raise
        findings.fault(
            "webstack_region",
            f"the account has not enabled {aws.region}",
            "the region enabled in the account's settings (account:EnableRegion), which takes minutes; or another one",
        )
        return None


def _opt_in_status(home: Aws, region: str) -> str:
    try:
        regions = home.read("ec2", "describe_regions", "Regions", RegionNames=[region], AllRegions=True)
    except AwsError:
        return ""
    return next((item.get("OptInStatus", "") for item in regions), "")


def account_fault(wanted: str | None, account: str) -> Fault | None:
    """Whether the account is the one that the stack is pinned to. Pure."""
    if not wanted or wanted == account:
        return None
    return Fault(
        "webstack_account_id",
        f"the credentials in use are of account {account}, and this stack belongs to {wanted}",
        f"credentials of {wanted}, for instance by AWS_PROFILE",
    )


def run(place: Place, who: Fields, checks: t.Mapping[str, Check], wanted: Fields) -> Findings:
    """All checks side by side. Their findings come in the order of ``checks``, so that the same reads the same."""

    def one(check: Check) -> Findings:
        found, aws = Findings(), place.aws()
        with found.asking(aws, "the account"):
            check(aws, wanted, who["Arn"], found)
        return found

    findings = Findings()
    with ThreadPoolExecutor(WORKERS) as pool:
        for found in pool.map(one, checks.values()):
            findings.faults += found.faults
            findings.unchecked += found.unchecked
    return findings
