# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules for a stack's database: pure functions, one for each matter, that yield nothing where there is none."""

from __future__ import annotations

import re
import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._rds_cluster import LONGEST_PASSWORD
from ansible_collections.webstack.aws.plugins.module_utils._rds_instance import GP3_SETTABLE_FROM, LEAST_STORAGE
from ansible_collections.webstack.aws.plugins.plugin_utils._faults import Fault

Values = t.Mapping[str, t.Any]

AURORA = "aurora-postgresql"
SERVERLESS = "db.serverless"

#: Most storage in GiB. Amazon RDS User Guide, "Amazon RDS DB instance storage".
MOST_STORAGE = 65536
AURORA_STORAGE = ("aurora", "aurora-iopt1")

#: Amazon RDS API, ServerlessV2ScalingConfiguration.
LEAST_MAXIMUM, MOST_CAPACITY = 1, 256

#: Amazon RDS API, CreateDBInstanceReadReplica; Aurora User Guide, "Replication with Amazon Aurora": one writes, the
#: others read.
MOST_REPLICAS = 15

#: Amazon RDS API, CreateDBInstance, MonitoringInterval, PerformanceInsightsRetentionPeriod, Port, and
#: EnableCloudwatchLogsExports.
MONITORING_INTERVALS = (0, 1, 5, 10, 15, 30, 60)
INSIGHTS_RETENTION = (7, *(31 * months for months in range(1, 24)), 731)
PORTS = range(1150, 65535 + 1)
LOGS = {
    "postgres": ("postgresql", "upgrade", "iam-db-auth-error"),
    AURORA: ("postgresql", "instance", "iam-db-auth-error"),
}

#: PostgreSQL's reserved words (PostgreSQL documentation, "SQL Key Words"), and what RDS keeps for itself.
RESERVED = frozenset(
    re.findall(
        r"\w+",
        """
        all analyse analyze and any array as asc asymmetric authorization both case cast check collate column
        constraint create current_catalog current_date current_role current_time current_timestamp current_user
        default deferrable desc distinct do else end except false fetch for foreign from grant group having in
        initially intersect into lateral leading limit localtime localtimestamp not null offset on only or order
        placing primary references returning select session_user some symmetric system_user table then to trailing
        true union unique user using variadic when where window with
        """,
    )
)
RESERVED_USERS = RESERVED | {
    "admin",
    "public",
    "rds_ad",
    "rds_iam",
    "rds_password",
    "rds_replication",
    "rds_superuser",
    "rdsadmin",
    "rdsproxyadmin",
    "rdsrepladmin",
}
TAKEN_DATABASES = {"rdsadmin", "template0", "template1"}
RESERVED_DATABASES = RESERVED | TAKEN_DATABASES | {"db"}
DATABASE, FURTHER_DATABASE = r"[A-Za-z][A-Za-z0-9_]{0,62}", r"[A-Za-z_][A-Za-z0-9_-]{0,62}"

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CLOCK = r"([01]\d|2[0-3]):([0-5]\d)"
BACKUP_WINDOW = re.compile(rf"{CLOCK}-{CLOCK}")
MAINTENANCE_WINDOW = re.compile(rf"({'|'.join(DAYS)}):{CLOCK}-({'|'.join(DAYS)}):{CLOCK}", re.IGNORECASE)
MINUTES_OF_DAY = 24 * 60


def engine(values: Values) -> t.Iterator[Fault]:
    """The class, the version and the password belong to the engine."""
    if not _has_database(values):
        return
    name = values["database_instance_class"]
    if not name.startswith("db."):
        yield Fault("database_instance_class", f"{name!r} is no class of RDS", f"db.{name}, if that was meant")
    elif name == SERVERLESS and not _is_aurora(values):
        yield Fault(
            "database_instance_class",
            f"{SERVERLESS} is Aurora's, and database_engine is {values['database_engine']}",
            f"database_engine: {AURORA}, or a class such as db.t4g.small",
        )
    version = values["database_engine_version"]
    if not re.fullmatch(r"\d+(\.\d+)*", version):
        yield Fault("database_engine_version", f"{version!r} is no version", "a major version such as 16, or 16.9")
    if values.get("database_password_key") is None:
        yield Fault("database_password_key", "the database needs a password", "the key of secrets_fields that holds it")
    field = (values.get("secrets_fields") or {}).get(values.get("database_password_key"))
    length = ((field or {}).get("generate") or {}).get("length", 0) if isinstance(field, dict) else 0
    if _is_aurora(values) and length > LONGEST_PASSWORD:
        yield Fault(
            f"secrets_fields.{values['database_password_key']}",
            f"Aurora takes a master password of {LONGEST_PASSWORD} characters at most, not {length}",
            f"{{generate: {{length: {LONGEST_PASSWORD}}}}}",
        )
    if values["database_port"] not in PORTS:
        yield Fault(
            "database_port",
            f"RDS takes the ports {PORTS[0]} to {PORTS[-1]}, not {values['database_port']}",
            "5432, for instance",
        )


def storage(values: Values) -> t.Iterator[Fault]:
    if not _has_database(values):
        return
    kind, size = values["database_storage_type"], values["database_allocated_storage"]
    if _is_aurora(values):
        if kind and kind not in AURORA_STORAGE:
            yield Fault(
                "database_storage_type", f"Aurora has no storage {kind!r}", f"one of {', '.join(AURORA_STORAGE)}"
            )
        return
    kind = kind or "gp3"
    if kind not in LEAST_STORAGE:
        yield Fault(
            "database_storage_type", f"{kind!r} is no storage type of RDS", f"one of {', '.join(LEAST_STORAGE)}"
        )
    elif not LEAST_STORAGE[kind] <= size <= MOST_STORAGE:
        least = LEAST_STORAGE[kind]
        yield Fault(
            "database_allocated_storage",
            f"RDS PostgreSQL on {kind} has {least} to {MOST_STORAGE} GB, not {size}",
            str(least if size < least else MOST_STORAGE),
        )
    for variable in ("database_iops", "database_storage_throughput"):
        if values[variable] and kind == "gp3" and size < GP3_SETTABLE_FROM:
            yield Fault(
                variable,
                f"gp3 below {GP3_SETTABLE_FROM} GB always has 3000 IOPS and 125 MiB/s",
                f"null, or database_allocated_storage: {GP3_SETTABLE_FROM}",
            )


def capacity(values: Values) -> t.Iterator[Fault]:
    """The bounds between which instances of Aurora Serverless v2 scale."""
    if not _has_database(values) or values["database_instance_class"] != SERVERLESS:
        return
    bounds = {
        variable: values[variable]
        for variable in ("database_serverless_min_capacity", "database_serverless_max_capacity")
    }
    for variable, bound in bounds.items():
        if (bound * 2) % 1:
            yield Fault(
                variable, f"{bound:g} ACU is no step of a half", f"{int(bound * 2) / 2:g} or {int(bound * 2 + 1) / 2:g}"
            )
    least, most = bounds.values()
    if least < 0:
        yield Fault("database_serverless_min_capacity", f"{least:g} ACU is less than nothing", "0.5, for instance")
    if not LEAST_MAXIMUM <= most <= MOST_CAPACITY:
        yield Fault(
            "database_serverless_max_capacity",
            f"the largest capacity is {LEAST_MAXIMUM} to {MOST_CAPACITY} ACU, not {most:g}",
            str(LEAST_MAXIMUM if most < LEAST_MAXIMUM else MOST_CAPACITY),
        )
    elif least > most:
        yield Fault(
            "database_serverless_max_capacity", f"{most:g} ACU is less than the least, {least:g}", f"{least:g} or more"
        )


def instances(values: Values) -> t.Iterator[Fault]:
    """How many there are: Aurora's instances, or read replicas, which need backups."""
    if not _has_database(values):
        return
    members, replicas = values["database_aurora_instances"], values["database_read_replicas"]
    if members is not None and not _is_aurora(values):
        yield Fault("database_aurora_instances", "only an Aurora cluster has them", "database_read_replicas, or null")
    elif members is not None and not 1 <= members <= 1 + MOST_REPLICAS:
        yield Fault(
            "database_aurora_instances",
            f"a cluster has 1 to {1 + MOST_REPLICAS} instances, not {members}",
            f"1 to {1 + MOST_REPLICAS}",
        )
    if not 0 <= replicas <= MOST_REPLICAS:
        yield Fault(
            "database_read_replicas",
            f"an instance has 0 to {MOST_REPLICAS} read replicas, not {replicas}",
            f"0 to {MOST_REPLICAS}",
        )
    elif replicas and _is_aurora(values):
        yield Fault(
            "database_read_replicas",
            "in Aurora all instances but one read",
            f"0, and database_aurora_instances: {1 + replicas}",
        )
    elif replicas and not values["database_backup_retention_period"]:
        yield Fault(
            "database_backup_retention_period", "AWS makes read replicas only of what has backups", "1 or more days"
        )


def backups(values: Values) -> t.Iterator[Fault]:
    if not _has_database(values):
        return
    days, least = values["database_backup_retention_period"], 1 if _is_aurora(values) else 0
    if not least <= days <= 35:
        called = "Aurora" if _is_aurora(values) else "RDS"
        yield Fault(
            "database_backup_retention_period",
            f"{called} keeps backups for {least} to 35 days, not {days}",
            f"{least} to 35",
        )


def windows(values: Values) -> t.Iterator[Fault]:
    """The windows are well formed, last half an hour at least, and lie apart. Amazon RDS API, CreateDBInstance."""
    if not _has_database(values):
        return
    spans = {
        "database_backup_window": _backup_span(values["database_backup_window"]),
        "database_maintenance_window": _maintenance_span(values["database_maintenance_window"]),
    }
    examples = {"database_backup_window": "03:00-04:00", "database_maintenance_window": "sun:04:30-sun:05:30"}
    is_sound = True
    for variable, span in spans.items():
        if values[variable] is None:
            continue
        if span is None:
            yield Fault(variable, f"{values[variable]!r} is no window in UTC", f"one such as {examples[variable]}")
        elif not 30 <= span[1] < MINUTES_OF_DAY:
            yield Fault(variable, f"it lasts {span[1]} minutes", "30 minutes at least, and less than a day")
        else:
            continue
        is_sound = False
    backup, maintenance = spans.values()
    if is_sound and backup and maintenance and _meet(backup, maintenance):
        yield Fault(
            "database_maintenance_window",
            "it overlaps database_backup_window",
            "one that begins after it",
        )


def _backup_span(window: str | None) -> tuple[int, int] | None:
    """Begin and length in minutes, the begin in the day."""
    found = BACKUP_WINDOW.fullmatch(window or "")
    if not found:
        return None
    hour, minute, last_hour, last_minute = map(int, found.groups())
    begin = hour * 60 + minute
    return begin, (last_hour * 60 + last_minute - begin) % MINUTES_OF_DAY


def _maintenance_span(window: str | None) -> tuple[int, int] | None:
    """Begin and length in minutes, the begin in the day, the length in the week."""
    found = MAINTENANCE_WINDOW.fullmatch(window or "")
    if not found:
        return None
    day, hour, minute, last_day, last_hour, last_minute = found.groups()
    begin = int(hour) * 60 + int(minute)
    days = DAYS.index(last_day.lower()) - DAYS.index(day.lower())
    end = days * MINUTES_OF_DAY + int(last_hour) * 60 + int(last_minute)
    return begin, (end - begin) % (7 * MINUTES_OF_DAY)


def _meet(backup: tuple[int, int], maintenance: tuple[int, int]) -> bool:
    """Whether a window of every day has a minute in common with one that lasts less than a day."""
    (first, length), (second, other) = backup, maintenance
    return (second - first) % MINUTES_OF_DAY < length or (first - second) % MINUTES_OF_DAY < other


def names(values: Values) -> t.Iterator[Fault]:
    """The names of databases and of the master user. Amazon RDS API, CreateDBInstance, DBName, MasterUsername."""
    if not _has_database(values):
        return
    databases = values.get("database_names") or []
    if not databases:
        yield Fault("database_names", "there is none", "the name of one database at least")
    for number, name in enumerate(databases):
        # RDS makes the first. PostgreSQL itself takes more, and its own words, too: they are quoted.
        pattern, kept = (DATABASE, RESERVED_DATABASES) if number == 0 else (FURTHER_DATABASE, TAKEN_DATABASES)
        if not re.fullmatch(pattern, name):
            yield Fault(
                "database_names",
                f"{name!r} is no name of a database",
                "at most 63 letters, digits and underscores, a letter first",
            )
        elif name.lower() in kept:
            yield Fault("database_names", f"{name!r} is a word that PostgreSQL or RDS keeps for itself", f"{name}_db")
    for name in sorted({name for name in databases if databases.count(name) > 1}):
        yield Fault("database_names", f"{name} is named twice", "each database once")
    user = values.get("database_username")
    if user is None:
        return
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,62}", user):
        yield Fault(
            "database_username",
            f"{user!r} is no name of a master user",
            "at most 63 letters, digits and underscores, a letter first",
        )
    elif user.lower() in RESERVED_USERS or user.lower().startswith("pg_"):
        yield Fault(
            "database_username",
            f"{user!r} is a name that PostgreSQL or RDS keeps for itself",
            f"{user}_user, for instance",
        )


def watching(values: Values) -> t.Iterator[Fault]:
    """Enhanced Monitoring, Performance Insights and logs."""
    if not _has_database(values):
        return
    interval, days = values["database_monitoring_interval"], values["database_performance_insights_retention_period"]
    if interval not in MONITORING_INTERVALS:
        yield Fault(
            "database_monitoring_interval",
            f"Enhanced Monitoring has no interval of {interval} seconds",
            f"one of {', '.join(map(str, MONITORING_INTERVALS))}",
        )
    if values["database_performance_insights"] and days not in INSIGHTS_RETENTION:
        near = min(INSIGHTS_RETENTION, key=lambda valid: abs(valid - days))
        yield Fault(
            "database_performance_insights_retention_period",
            f"Performance Insights keeps figures for 7 days, 731, or a multiple of 31, not {days}",
            f"{near} is the nearest",
        )
    offered = LOGS[values["database_engine"]]
    for log in values["database_cloudwatch_logs_exports"]:
        if log not in offered:
            yield Fault(
                "database_cloudwatch_logs_exports",
                f"{values['database_engine']} has no log {log!r}",
                f"of {', '.join(offered)}",
            )


def _has_database(values: Values) -> bool:
    return values.get("database_instance_class") is not None


def _is_aurora(values: Values) -> bool:
    return bool(values["database_engine"] == AURORA)


RULES: tuple[t.Callable[[Values], t.Iterator[Fault]], ...] = (
    engine,
    storage,
    capacity,
    instances,
    backups,
    windows,
    names,
    watching,
)
