"""The parameters of the PostgreSQL engines, as DescribeDBParameters lists them.

A part of the four hundred or so that AWS has: those that people set. Columns: name, default, source (s: system,
e: engine-default), apply type (s: static, d: dynamic), data type, allowed values, modifiable (y or n), and, where it
matters, from which major version on. Sources: RDS User Guide, "Working with parameters on your RDS for PostgreSQL DB
instance", and PostgreSQL's documentation for what each one takes.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

from tests.emulator.services.rds.catalog import AURORA, families, major_of
from tests.emulator.services.rds.common import refuse

_LIBRARIES = (
    "auto_explain,orafce,pg_ad_mapping,pg_bigm,pg_cron,pg_hint_plan,pg_prewarm,pg_similarity,pg_stat_statements,pg_tle,"
    "pg_transport,pgactive,pgaudit,pglogical,plprofiler,plrust"
)
_LEVELS = "debug5,debug4,debug3,debug2,debug1,info,notice,warning,error,log,fatal,panic"
_ZONES = (
    "Africa/Cairo,Africa/Johannesburg,Africa/Lagos,Africa/Nairobi,America/Argentina/Buenos_Aires,America/Bahia,"
    "America/Bogota,America/Caracas,America/Chicago,America/Denver,America/Fortaleza,America/Halifax,America/Lima,"
    "America/Los_Angeles,America/Manaus,America/Mexico_City,America/Montevideo,America/New_York,America/Recife,"
    "America/Santiago,America/Sao_Paulo,America/Toronto,America/Vancouver,Asia/Bangkok,Asia/Calcutta,Asia/Dhaka,"
    "Asia/Dubai,Asia/Ho_Chi_Minh,Asia/Hong_Kong,Asia/Jakarta,Asia/Jerusalem,Asia/Karachi,Asia/Kolkata,Asia/Manila,"
    "Asia/Riyadh,Asia/Seoul,Asia/Shanghai,Asia/Singapore,Asia/Taipei,Asia/Tehran,Asia/Tokyo,Atlantic/Azores,"
    "Australia/Adelaide,Australia/Brisbane,Australia/Melbourne,Australia/Perth,Australia/Sydney,Europe/Amsterdam,"
    "Europe/Athens,Europe/Berlin,Europe/Brussels,Europe/Dublin,Europe/Helsinki,Europe/Istanbul,Europe/Lisbon,"
    "Europe/London,Europe/Madrid,Europe/Moscow,Europe/Oslo,Europe/Paris,Europe/Prague,Europe/Rome,Europe/Stockholm,"
    "Europe/Vienna,Europe/Warsaw,Europe/Zurich,GMT,Pacific/Auckland,Pacific/Honolulu,UCT,US/Central,US/Eastern,"
    "US/Mountain,US/Pacific,UTC,Universal,Zulu"
)

_TABLE = f"""
application_name||e|d|string||y
archive_command|/etc/rds/dbbin/pgscripts/rds_wal_archive %p|s|d|string||n
archive_mode|on|s|s|string|on,off,always|n
archive_timeout|300|s|d|integer|0-2147483647|n
array_nulls||e|d|boolean|0,1|y
authentication_timeout||e|d|integer|1-600|y
auto_explain.log_analyze||e|d|boolean|0,1|y
auto_explain.log_buffers||e|d|boolean|0,1|y
auto_explain.log_format||e|d|string|text,xml,json,yaml|y
auto_explain.log_min_duration||e|d|integer|-1-2147483647|y
auto_explain.log_nested_statements||e|d|boolean|0,1|y
auto_explain.log_timing||e|d|boolean|0,1|y
autovacuum|1|s|d|boolean|0,1|y
autovacuum_analyze_scale_factor|0.05|s|d|float|0-100|y
autovacuum_analyze_threshold||e|d|integer|0-2147483647|y
autovacuum_freeze_max_age||e|s|integer|10000000-2000000000|y
autovacuum_max_workers|GREATEST({{DBInstanceClassMemory/64371566592}},3)|s|s|integer|1-262143|y
autovacuum_naptime|15|s|d|integer|1-2147483|y
autovacuum_vacuum_cost_delay||e|d|integer|-1-100|y
autovacuum_vacuum_cost_limit|GREATEST({{log(DBInstanceClassMemory/21474836480)*600}},200)|s|d|integer|-1-10000|y
autovacuum_vacuum_scale_factor|0.1|s|d|float|0-100|y
autovacuum_vacuum_threshold||e|d|integer|0-2147483647|y
autovacuum_work_mem|GREATEST({{DBInstanceClassMemory/32768}},65536)|s|d|integer|-1-2147483647|y
backend_flush_after||e|d|integer|0-256|y
bgwriter_delay||e|d|integer|10-10000|y
bytea_output||e|d|string|escape,hex|y
checkpoint_completion_target|0.9|s|d|float|0-1|y
checkpoint_timeout||e|d|integer|30-86400|y
checkpoint_warning||e|d|integer|0-2147483647|y
client_encoding||e|d|string||y
client_min_messages||e|d|string|debug5,debug4,debug3,debug2,debug1,log,notice,warning,error|y
constraint_exclusion||e|d|string|partition,on,off|y
cpu_tuple_cost||e|d|float|0-179769000000000000000000000000000000000|y
cron.database_name|postgres|s|s|string||y
cron.log_run|1|s|s|boolean|0,1|y
cron.max_running_jobs|5|s|s|integer|0-100|y
data_directory|/rdsdbdata/db|s|s|string||n
datestyle||e|d|string||y
deadlock_timeout||e|d|integer|1-2147483647|y
default_statistics_target||e|d|integer|1-10000|y
default_transaction_isolation||e|d|string|serializable,repeatable read,read committed,read uncommitted|y
effective_cache_size|{{DBInstanceClassMemory/16384}}|s|d|integer|1-2147483647|y
effective_io_concurrency||e|d|integer|0-1000|y
fsync|1|s|d|boolean|0,1|n
hot_standby_feedback||e|d|boolean|0,1|y
huge_pages|on|s|s|string|on,off,try|y
idle_in_transaction_session_timeout|86400000|s|d|integer|0-2147483647|y
idle_session_timeout||e|d|integer|0-2147483647|y|14
intervalstyle||e|d|string|postgres,postgres_verbose,sql_standard,iso_8601|y
jit||e|d|boolean|0,1|y
lc_messages||e|d|string||y
listen_addresses|*|s|s|string||n
lock_timeout||e|d|integer|0-2147483647|y
log_autovacuum_min_duration|10000|s|d|integer|-1-2147483647|y
log_checkpoints|1|s|d|boolean|0,1|y
log_connections||e|d|boolean|0,1|y
log_destination|stderr|s|d|list|stderr,csvlog|y
log_disconnections||e|d|boolean|0,1|y
log_duration||e|d|boolean|0,1|y
log_error_verbosity||e|d|string|terse,default,verbose|y
log_executor_stats||e|d|boolean|0,1|y
log_filename|postgresql.log.%Y-%m-%d-%H|s|d|string|postgresql.log.%Y-%m-%d,postgresql.log.%Y-%m-%d-%H,postgresql.log.%Y-%m-%d-%H%M|y
log_hostname|0|s|d|boolean|0,1|y
log_line_prefix|%t:%r:%u@%d:[%p]:|s|d|string||y
log_lock_waits||e|d|boolean|0,1|y
log_min_duration_sample||e|d|integer|-1-2147483647|y
log_min_duration_statement||e|d|integer|-1-2147483647|y
log_min_error_statement||e|d|string|{_LEVELS}|y
log_min_messages||e|d|string|{_LEVELS}|y
log_parser_stats||e|d|boolean|0,1|y
log_planner_stats||e|d|boolean|0,1|y
log_replication_commands||e|d|boolean|0,1|y
log_rotation_age|60|s|d|integer|1-1440|y
log_rotation_size|10240|s|d|integer|50000-1000000|y
log_statement||e|d|string|none,ddl,mod,all|y
log_statement_sample_rate||e|d|float|0-1|y
log_statement_stats||e|d|boolean|0,1|y
log_temp_files||e|d|integer|-1-2147483647|y
log_timezone|UTC|s|d|string||n
log_transaction_sample_rate||e|d|float|0-1|y
log_truncate_on_rotation|0|s|d|boolean|0,1|n
logging_collector|1|s|s|boolean|0,1|n
logical_decoding_work_mem||e|d|integer|64-2147483647|y
maintenance_work_mem|GREATEST({{DBInstanceClassMemory*1024/63963136}},65536)|s|d|integer|1024-2147483647|y
max_connections|LEAST({{DBInstanceClassMemory/9531392}},5000)|s|s|integer|6-8388607|y
max_files_per_process||e|s|integer|64-2147483647|y
max_locks_per_transaction||e|s|integer|10-2147483647|y
max_logical_replication_workers||e|s|integer|0-262143|y
max_parallel_maintenance_workers||e|d|integer|0-1024|y
max_parallel_workers|GREATEST({{DBInstanceVCPU/2}},8)|s|d|integer|0-1024|y
max_parallel_workers_per_gather||e|d|integer|0-1024|y
max_prepared_transactions|0|s|s|integer|0-262143|y
max_replication_slots|20|s|s|integer|0-262143|y
max_slot_wal_keep_size||e|d|integer|-1-2147483647|y
max_stack_depth|6144|s|d|integer|100-2147483647|y
max_standby_archive_delay||e|d|integer|-1-2147483647|y
max_standby_streaming_delay||e|d|integer|-1-2147483647|y
max_wal_senders|35|s|s|integer|5-262143|y
max_wal_size|6144|s|d|integer|128-2147483647|y
max_worker_processes|GREATEST({{DBInstanceVCPU*2}},8)|s|s|integer|0-262143|y
min_wal_size|192|s|d|integer|128-2147483647|y
password_encryption|scram-sha-256|s|d|string|md5,scram-sha-256|y|14
pg_stat_statements.max||e|s|integer|100-2147483647|y
pg_stat_statements.save||e|d|boolean|0,1|y
pg_stat_statements.track||e|d|string|none,top,all|y
pg_stat_statements.track_utility||e|d|boolean|0,1|y
pgaudit.log||e|d|list|ddl,function,misc,read,role,write,none,all,misc_set,-ddl,-function,-misc,-read,-role,-write|y
pgaudit.log_catalog||e|d|boolean|0,1|y
pgaudit.log_level||e|d|string|debug5,debug4,debug3,debug2,debug1,info,notice,warning,log|y
pgaudit.log_parameter||e|d|boolean|0,1|y
pgaudit.role||e|d|string|rds_pgaudit|y
port|{{EndPointPort}}|s|s|integer|1-65535|n
quote_all_identifiers||e|d|boolean|0,1|y
random_page_cost||e|d|float|0-179769000000000000000000000000000000000|y
rds.accepted_password_auth_method|md5+scram|s|d|string|md5+scram,scram|y|14
rds.adaptive_autovacuum|1|s|d|boolean|0,1|y
rds.allowed_extensions||e|d|string||y|14
rds.extensions|{_LIBRARIES}|s|s|string||n
rds.force_admin_logging_level|disabled|s|d|string|disabled,debug5,debug4,debug3,debug2,debug1,info,notice,warning,error,log,fatal,panic|y
rds.force_autovacuum_logging_level|warning|s|d|string|disabled,debug5,debug4,debug3,debug2,debug1,info,notice,warning,error,log,fatal,panic|y
rds.force_ssl|FORCE_SSL|s|d|boolean|0,1|y
rds.log_retention_period|4320|s|d|integer|1440-10080|y
rds.logical_replication|0|s|s|boolean|0,1|y
rds.rds_superuser_reserved_connections|2|s|s|integer|0-8388607|y|13
rds.restrict_password_commands|0|s|s|boolean|0,1|y
search_path||e|d|string||y
seq_page_cost||e|d|float|0-179769000000000000000000000000000000000|y
session_preload_libraries||e|d|list|{_LIBRARIES}|y
session_replication_role||e|d|string|origin,replica,local|y
shared_buffers|{{DBInstanceClassMemory/32768}}|s|s|integer|16-1073741823|y
shared_preload_libraries|pg_stat_statements|s|s|list|{_LIBRARIES}|y
ssl|1|s|d|boolean|0,1|n
ssl_ca_file|/rdsdbdata/rds-metadata/ca-cert.pem|s|d|string||n
ssl_cert_file|/rdsdbdata/rds-metadata/server-cert.pem|s|d|string||n
ssl_ciphers|HIGH:!aNULL:!3DES|s|d|list||y
ssl_max_protocol_version||e|d|string|TLSv1,TLSv1.1,TLSv1.2,TLSv1.3|y
ssl_min_protocol_version|TLSv1.2|s|d|string|TLSv1,TLSv1.1,TLSv1.2,TLSv1.3|y
statement_timeout||e|d|integer|0-2147483647|y
superuser_reserved_connections|3|s|s|integer|0-8388607|y
synchronous_commit|on|s|d|string|local,on,off,remote_apply,remote_write|y
tcp_keepalives_count||e|d|integer|0-2147483647|y
tcp_keepalives_idle||e|d|integer|0-2147483647|y
tcp_keepalives_interval||e|d|integer|0-2147483647|y
temp_buffers||e|d|integer|100-1073741823|y
temp_file_limit||e|d|integer|-1-2147483647|y
timezone|UTC|s|d|string|{_ZONES}|y
track_activities||e|d|boolean|0,1|y
track_activity_query_size|4096|s|s|integer|100-1048576|y
track_commit_timestamp||e|s|boolean|0,1|y
track_counts||e|d|boolean|0,1|y
track_functions||e|d|string|none,pl,all|y
track_io_timing|1|s|d|boolean|0,1|y
track_wal_io_timing|1|s|d|boolean|0,1|y|14
transaction_timeout||e|d|integer|0-2147483647|y|17
unix_socket_directories|/tmp|s|s|string||n
update_process_title|0|s|d|boolean|0,1|n
vacuum_cost_delay||e|d|float|0-100|y
vacuum_cost_limit||e|d|integer|1-10000|y
vacuum_cost_page_miss|5|s|d|integer|0-10000|y
vacuum_failsafe_age|1200000000|s|d|integer|0-2100000000|y|14
vacuum_freeze_min_age||e|d|integer|0-1000000000|y
wal_buffers||e|s|integer|-1-262143|y
wal_compression|1|s|d|boolean|0,1|y
wal_keep_size|2048|s|d|integer|0-2147483647|y
wal_level|replica|s|s|string|minimal,replica,logical|n
wal_receiver_timeout|30000|s|d|integer|0-3600000|y
wal_sender_timeout|30000|s|d|integer|0-3600000|y
work_mem||e|d|integer|64-2147483647|y
xmlbinary||e|d|string|base64,hex|y
"""

_WORDS = {
    "rds.force_ssl": "Force SSL connections.",
    "log_min_duration_statement": "(ms) Sets the minimum execution time above which statements will be logged.",
    "log_statement": "Sets the type of statements logged.",
    "max_connections": "Sets the maximum number of concurrent connections.",
    "shared_preload_libraries": "Lists shared libraries to preload into server.",
    "timezone": "Sets the time zone for displaying and interpreting time stamps.",
    "work_mem": "(kB) Sets the maximum memory to be used for query workspaces.",
}
# On Aurora these belong to the cluster's group alone (Aurora User Guide, "Aurora PostgreSQL cluster-level parameters").
_CLUSTER_ONLY = {
    "archive_command",
    "archive_mode",
    "autovacuum",
    "autovacuum_freeze_max_age",
    "client_encoding",
    "hot_standby_feedback",
    "lc_messages",
    "log_timezone",
    "max_prepared_transactions",
    "max_replication_slots",
    "max_wal_senders",
    "password_encryption",
    "port",
    "rds.accepted_password_auth_method",
    "rds.extensions",
    "rds.force_ssl",
    "rds.log_retention_period",
    "rds.logical_replication",
    "rds.restrict_password_commands",
    "ssl",
    "ssl_ciphers",
    "ssl_max_protocol_version",
    "ssl_min_protocol_version",
    "synchronous_commit",
    "timezone",
    "track_commit_timestamp",
    "wal_level",
    "wal_receiver_timeout",
    "wal_sender_timeout",
}


@dataclass(frozen=True)
class Definition:
    """One engine parameter."""

    name: str
    default: str | None
    source: str
    apply_type: str
    data_type: str
    allowed: str
    modifiable: bool

    def describe(self, engine: str, override: dict[str, str] | None = None) -> dict[str, Any]:
        """As AWS shows it, with what the user set."""
        return {
            "ParameterName": self.name,
            "ParameterValue": override["value"] if override else self.default,
            "Description": _WORDS.get(self.name, f"Sets {self.name}."),
            "Source": "user" if override else self.source,
            "ApplyType": self.apply_type,
            "DataType": self.data_type,
            "AllowedValues": self.allowed or None,
            "IsModifiable": self.modifiable,
            "ApplyMethod": override["method"] if override else "pending-reboot",
            "SupportedEngineModes": ["provisioned"] if engine == AURORA else None,
        }

    def check(self, value: str) -> None:
        """Refuse a value that the parameter does not take."""
        if not self.modifiable:
            raise refuse("InvalidParameterValue", f"The parameter {self.name} cannot be modified.")
        if self.allowed and not self._allows(value):
            message = f"Value: {value} is outside of range: {self.allowed} for parameter: {self.name}"
            raise refuse("InvalidParameterValue", message)

    def _allows(self, value: str) -> bool:
        if self.data_type in ("integer", "float"):
            return "{" in value or self._in_range(value)
        choices = self.allowed.lower().split(",")
        wanted = [part.strip().lower() for part in value.split(",")] if self.data_type == "list" else [value.lower()]
        return all(part in choices for part in wanted)

    def _in_range(self, value: str) -> bool:
        lowest, _unused, highest = self.allowed[1:].partition("-")
        try:
            number = int(value) if self.data_type == "integer" else float(value)
        except ValueError:
            return False
        return float(self.allowed[0] + lowest) <= number <= float(highest)


@functools.cache
def definitions(engine: str, family: str, is_cluster: bool) -> dict[str, Definition]:
    """The parameters of a family, by name."""
    major = major_of(family.removeprefix(engine))
    # RDS User Guide: on from PostgreSQL 15; Aurora User Guide: on from Aurora PostgreSQL 17
    force_ssl = "1" if major >= (17 if engine == AURORA else 15) else "0"
    found = {}
    for line in _TABLE.strip().splitlines():
        name, default, source, apply_type, data_type, allowed, modifiable, *since = line.split("|")
        if since and major < int(since[0]):
            continue
        if engine == AURORA and not is_cluster and name in _CLUSTER_ONLY:
            continue
        found[name] = Definition(
            name,
            force_ssl if default == "FORCE_SSL" else default or None,
            "system" if source == "s" else "engine-default",
            "static" if apply_type == "s" else "dynamic",
            data_type,
            allowed,
            modifiable == "y",
        )
    return found


def engine_of(family: str) -> str | None:
    """The engine that a family is for, None for a family that does not exist."""
    return next((engine for engine in ("postgres", AURORA) if family in families(engine)), None)
