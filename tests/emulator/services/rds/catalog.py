"""What RDS offers: engine versions, instance classes, storage.

The versions are those that can be created in 2026 (Amazon RDS for PostgreSQL Release Notes; minor versions that AWS has
withdrawn, such as 15.5 or 16.4, are refused as they are there).
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

from tests.emulator.query_service import Context, Parameters, page
from tests.emulator.services.rds.common import refuse
from tests.emulator.vpc import zones

POSTGRES = "postgres"
AURORA = "aurora-postgresql"

# Major version -> minor versions, oldest first; the newest is what a major version alone stands for.
VERSIONS: dict[str, dict[int, list[str]]] = {
    POSTGRES: {
        13: [f"13.{minor}" for minor in range(20, 24)],
        14: [f"14.{minor}" for minor in range(18, 23)],
        15: [f"15.{minor}" for minor in range(13, 18)],
        16: [f"16.{minor}" for minor in range(9, 14)],
        17: [f"17.{minor}" for minor in range(5, 10)],
        18: [f"18.{minor}" for minor in range(1, 4)],
    },
    AURORA: {
        13: [f"13.{minor}" for minor in range(20, 24)],
        14: [f"14.{minor}" for minor in range(17, 21)],
        15: [f"15.{minor}" for minor in range(12, 16)],
        16: [f"16.{minor}" for minor in range(8, 12)],
        17: [f"17.{minor}" for minor in range(4, 8)],
    },
}
# Aurora lists the versions of its Limitless Database among the others, in the same family; no instance is made of them.
LIMITLESS = {AURORA: {16: ["16.9-limitless", "16.11-limitless"]}}
DEFAULT_MAJOR = 17
DESCRIPTIONS = {POSTGRES: "PostgreSQL", AURORA: "Aurora PostgreSQL"}
LOG_TYPES = {
    POSTGRES: ["iam-db-auth-error", "postgresql", "upgrade"],
    AURORA: ["iam-db-auth-error", "instance", "postgresql"],
}
CERTIFICATE_AUTHORITIES = ["rds-ca-rsa2048-g1", "rds-ca-rsa4096-g1", "rds-ca-ecc384-g1"]
LICENSE = "postgresql-license"
# Engines of RDS that are not emulated: a plain word about it is better than an error that AWS would not give.
OTHER_ENGINES = ("aurora-mysql", "db2-", "custom-", "mariadb", "mysql", "oracle-", "sqlserver-")

_SIZES = [
    "micro",
    "small",
    "medium",
    "large",
    "xlarge",
    "2xlarge",
    "4xlarge",
    "8xlarge",
    "12xlarge",
    "16xlarge",
    "24xlarge",
    "32xlarge",
    "48xlarge",
]
# Family -> smallest and largest size, by engine.
_FAMILIES: dict[str, dict[str, tuple[str, str]]] = {
    POSTGRES: {
        "t3": ("micro", "2xlarge"),
        "t4g": ("micro", "2xlarge"),
        "m5": ("large", "24xlarge"),
        "m6g": ("large", "16xlarge"),
        "m6i": ("large", "32xlarge"),
        "m7g": ("large", "16xlarge"),
        "m7i": ("large", "48xlarge"),
        "m8g": ("large", "48xlarge"),
        "r5": ("large", "24xlarge"),
        "r6g": ("large", "16xlarge"),
        "r6i": ("large", "32xlarge"),
        "r7g": ("large", "16xlarge"),
        "r7i": ("large", "48xlarge"),
        "r8g": ("large", "48xlarge"),
        "x2g": ("large", "16xlarge"),
    },
    AURORA: {
        "t3": ("medium", "large"),
        "t4g": ("medium", "large"),
        "r5": ("large", "24xlarge"),
        "r6g": ("large", "16xlarge"),
        "r6i": ("large", "32xlarge"),
        "r7g": ("large", "16xlarge"),
        "r7i": ("large", "48xlarge"),
        "r8g": ("large", "48xlarge"),
        "x2g": ("large", "16xlarge"),
    },
}
# Classes that exist, or did, but not for these engines any more.
_RETIRED = ["t1", "t2", "m1", "m2", "m3", "m4", "r3", "r4"]

# Storage type -> smallest and largest size in GiB (RDS User Guide, "Amazon RDS DB instance storage").
STORAGE_LIMITS = {
    "gp2": (20, 65536),
    "gp3": (20, 65536),
    "io1": (100, 65536),
    "io2": (100, 65536),
    "standard": (5, 3072),
}
# From this size on a gp3 volume is striped: more of both, and they may be chosen.
GP3_STRIPED = 400


@functools.cache
def classes(engine: str) -> tuple[str, ...]:
    """The instance classes of an engine."""
    found = []
    for family, (smallest, largest) in _FAMILIES[engine].items():
        sizes = _SIZES[_SIZES.index(smallest) : _SIZES.index(largest) + 1]
        found += [f"db.{family}.{size}" for size in sizes]
    if engine == AURORA:
        found.append("db.serverless")
    return tuple(found)


def is_known_class(name: str) -> bool:
    """Whether it is an instance class of any engine."""
    family = name.split(".")[1] if name.count(".") == 2 else ""
    return name in classes(POSTGRES) or name in classes(AURORA) or family in _RETIRED


def check_engine(engine: str) -> None:
    """Refuse an engine that does not exist."""
    if engine in VERSIONS:
        return
    if engine.startswith(OTHER_ENGINES):
        raise refuse("NotImplemented", f"The emulator has the engines {', '.join(VERSIONS)}, not {engine}.")
    raise refuse("InvalidParameterValue", "Invalid DB engine")


def default_version(engine: str) -> str:
    """What is made when no version is asked for."""
    return VERSIONS[engine][DEFAULT_MAJOR][-1]


def resolve_version(engine: str, version: str | None) -> str:
    """The full version that a version stands for."""
    if not version:
        return default_version(engine)
    for major, minors in VERSIONS[engine].items():
        if version == str(major):
            return minors[-1]
        if version in minors:
            return version
    raise refuse("InvalidParameterCombination", f"Cannot find version {version} for {engine}")


def major_of(version: str) -> int:
    """The major version of a version."""
    return int(version.split(".")[0])


def family_of(engine: str, version: str) -> str:
    """The parameter group family of a version."""
    return f"{engine}{major_of(version)}"


def families(engine: str) -> list[str]:
    """The parameter group families of an engine."""
    return [f"{engine}{major}" for major in VERSIONS[engine]]


def check_class(name: str, engine: str, version: str) -> None:
    """Refuse an instance class that does not exist, or not for this engine."""
    if not is_known_class(name):
        raise refuse("InvalidParameterValue", f"Invalid DB Instance class: {name}")
    if name not in classes(engine):
        raise refuse(
            "InvalidParameterCombination",
            "RDS does not support creating a DB instance with the following combination: "
            f"DBInstanceClass={name}, Engine={engine}, EngineVersion={version}, LicenseModel={LICENSE}. "
            "For supported combinations of instance class and database engine version, see the documentation.",
        )


def upgrade_targets(engine: str, version: str) -> list[dict[str, Any]]:
    """What a version can be upgraded to."""
    targets = []
    for major, minors in VERSIONS[engine].items():
        for minor in minors:
            newer_minor = major == major_of(version) and minors.index(minor) > minors.index(version)
            newest_of_newer = major > major_of(version) and minor == minors[-1]
            if newer_minor or newest_of_newer:
                targets.append(
                    {
                        "Engine": engine,
                        "EngineVersion": minor,
                        "Description": f"{DESCRIPTIONS[engine]} {minor}",
                        "AutoUpgrade": newer_minor and minor == minors[-1],
                        "IsMajorVersionUpgrade": not newer_minor,
                        "SupportedEngineModes": ["provisioned"],
                    }
                )
    return targets


def _version_record(engine: str, version: str) -> dict[str, Any]:
    return {
        "Engine": engine,
        "MajorEngineVersion": str(major_of(version)),
        "EngineVersion": version,
        "DBParameterGroupFamily": family_of(engine, version),
        "DBEngineDescription": DESCRIPTIONS[engine],
        "DBEngineVersionDescription": f"{DESCRIPTIONS[engine]} {version}",
        "ValidUpgradeTarget": [] if version.endswith("-limitless") else upgrade_targets(engine, version),
        "ExportableLogTypes": LOG_TYPES[engine],
        "SupportsLogExportsToCloudwatchLogs": True,
        "SupportsReadReplica": True,
        "SupportedEngineModes": ["provisioned"],
        "SupportedFeatureNames": [],
        "Status": "available",
        "SupportsParallelQuery": False,
        "SupportsGlobalDatabases": engine == AURORA,
        "SupportsBabelfish": False,
        "SupportsCertificateRotationWithoutRestart": True,
        "SupportedCACertificateIdentifiers": CERTIFICATE_AUTHORITIES,
    }


def describe_db_engine_versions(context: Context, parameters: Parameters) -> Parameters:
    """DescribeDBEngineVersions: an engine or version that does not exist gives an empty list."""
    wanted, version = parameters.get("Engine"), parameters.get("EngineVersion")
    filters = {entry["Name"]: entry["Values"] for entry in parameters.get("Filters") or []}
    found = []
    for engine, majors in VERSIONS.items():
        for major, minors in majors.items():
            for minor in [*minors, *LIMITLESS.get(engine, {}).get(major, [])]:
                is_default = minor == (minors[-1] if version else default_version(engine))
                if (
                    wanted in (None, engine)
                    and version in (None, str(major), minor)
                    and parameters.get("DBParameterGroupFamily") in (None, family_of(engine, minor))
                    and (is_default or not parameters.get("DefaultOnly"))
                    and engine in filters.get("engine", [engine])
                    and minor in filters.get("engine-version", [minor])
                ):
                    found.append(_version_record(engine, minor))
    return page("rds", parameters, "DBEngineVersions", found)


@functools.cache
def _options(engine: str, version: str, zone_names: tuple[str, ...]) -> list[dict[str, Any]]:
    return list(_make_options(engine, version, [{"Name": zone} for zone in zone_names]))


def _make_options(engine: str, version: str, offered: list[dict[str, str]]) -> Iterator[dict[str, Any]]:
    storage_types = ["aurora"] if engine == AURORA else ["gp2", "gp3", "io1", "io2"]
    for name in classes(engine):
        for storage in storage_types:
            smallest, largest = STORAGE_LIMITS.get(storage, (None, None))
            yield {
                "Engine": engine,
                "EngineVersion": version,
                "DBInstanceClass": name,
                "LicenseModel": LICENSE,
                "AvailabilityZones": offered,
                "MultiAZCapable": engine == POSTGRES,
                "ReadReplicaCapable": engine == POSTGRES,
                "Vpc": True,
                "SupportsStorageEncryption": True,
                "StorageType": storage,
                "SupportsIops": storage in ("gp3", "io1", "io2"),
                "SupportsStorageThroughput": storage == "gp3",
                "SupportsEnhancedMonitoring": True,
                "SupportsIAMDatabaseAuthentication": True,
                "SupportsPerformanceInsights": True,
                "MinStorageSize": smallest,
                "MaxStorageSize": largest,
                "SupportsStorageAutoscaling": engine == POSTGRES,
                "SupportsKerberosAuthentication": True,
                "OutpostCapable": False,
                "SupportedEngineModes": ["provisioned"],
                "SupportsGlobalDatabases": engine == AURORA,
                "SupportsClusters": engine == AURORA,
                "SupportedNetworkTypes": ["IPV4", "DUAL"],
            }


def describe_orderable_db_instance_options(context: Context, parameters: Parameters) -> Parameters:
    """DescribeOrderableDBInstanceOptions."""
    engine, version = parameters["Engine"], parameters.get("EngineVersion")
    check_engine(engine)
    if version:
        versions = [resolve_version(engine, version)]
    else:
        versions = [minor for minors in VERSIONS[engine].values() for minor in minors]
    wanted, zone_names = parameters.get("DBInstanceClass"), tuple(zones(context.account_id, context.region))
    found = [
        option
        for minor in versions
        for option in _options(engine, minor, zone_names)
        if wanted in (None, option["DBInstanceClass"]) and parameters.get("LicenseModel") in (None, LICENSE)
    ]
    return page("rds", parameters, "OrderableDBInstanceOptions", found, most=10000)


def describe_certificates(context: Context, parameters: Parameters) -> Parameters:
    """DescribeCertificates."""
    wanted = parameters.get("CertificateIdentifier")
    if wanted and wanted not in CERTIFICATE_AUTHORITIES:
        raise refuse("CertificateNotFound", f"Certificate not found: {wanted}")
    found = [
        {
            "CertificateIdentifier": name,
            "CertificateType": "CA",
            "CertificateArn": f"arn:aws:rds:{context.region}::cert:{name}",
            "ValidFrom": "2021-05-24T00:00:00Z",
            "ValidTill": "2061-05-25T00:00:00Z",
            "CustomerOverride": False,
        }
        for name in CERTIFICATE_AUTHORITIES
        if wanted in (None, name)
    ]
    return {
        **page("rds", parameters, "Certificates", found),
        "DefaultCertificateForNewLaunches": CERTIFICATE_AUTHORITIES[0],
    }
