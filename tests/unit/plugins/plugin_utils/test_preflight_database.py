"""The rules for a stack's database: what they let pass, and what they say of what they do not."""

from __future__ import annotations

import pytest

from ansible_collections.webstack.aws.plugins.plugin_utils._preflight_database import RULES, SERVERLESS

RDS = {
    "database_engine": "postgres",
    "database_engine_version": "15",
    "database_instance_class": "db.t4g.small",
    "database_serverless_min_capacity": 0.5,
    "database_serverless_max_capacity": 4.0,
    "database_aurora_instances": None,
    "database_allocated_storage": 20,
    "database_storage_type": None,
    "database_iops": None,
    "database_storage_throughput": None,
    "database_read_replicas": 0,
    "database_backup_retention_period": 7,
    "database_backup_window": None,
    "database_maintenance_window": None,
    "database_names": ["shop", "_events", "shop-reports", "user"],
    "database_username": "shop",
    "database_password_key": "password",
    "database_port": 5432,
    "database_monitoring_interval": 60,
    "database_performance_insights": False,
    "database_performance_insights_retention_period": 7,
    "database_cloudwatch_logs_exports": ["postgresql", "upgrade"],
}
AURORA = {
    **RDS,
    "database_engine": "aurora-postgresql",
    "database_instance_class": SERVERLESS,
    "database_cloudwatch_logs_exports": ["instance"],
}


def faults(values):
    return [fault for rule in RULES for fault in rule(values)]


@pytest.mark.parametrize(
    "values",
    [
        {"database_instance_class": None},
        RDS,
        AURORA,
        {**RDS, "database_storage_type": "gp2", "database_instance_class": "db.t3.micro", "database_read_replicas": 15},
        {**RDS, "database_allocated_storage": 400, "database_iops": 12000, "database_storage_throughput": 500},
        {**RDS, "database_backup_retention_period": 0},
        {**RDS, "secrets_fields": {"password": {"generate": {"length": 64}}}},
        {**AURORA, "secrets_fields": {"password": {"generate": {}}}},
        {**RDS, "database_username": "apranova_admin", "database_names": ["apranova_db"]},
        {**AURORA, "database_serverless_max_capacity": 16, "database_aurora_instances": 16},
        {**AURORA, "database_serverless_min_capacity": 0, "database_serverless_max_capacity": 1},
        {**AURORA, "database_storage_type": "aurora-iopt1", "database_instance_class": "db.r7g.large"},
        {**AURORA, "database_performance_insights": True, "database_performance_insights_retention_period": 465},
        {**RDS, "database_backup_window": "03:00-04:00", "database_maintenance_window": "Sun:04:00-Sun:05:00"},
        {**RDS, "database_backup_window": "23:30-00:30", "database_maintenance_window": "sun:23:00-sun:23:30"},
        {**RDS, "database_maintenance_window": "sun:23:45-mon:00:15"},
    ],
)
def test_what_aws_takes_passes(values):
    assert faults(values) == []


@pytest.mark.parametrize(
    ("values", "variable", "words"),
    [
        ({**RDS, "database_instance_class": "t4g.small"}, "database_instance_class", "db.t4g.small"),
        (
            {**RDS, "database_instance_class": SERVERLESS},
            "database_instance_class",
            "database_engine: aurora-postgresql",
        ),
        ({**RDS, "database_engine_version": "15.x"}, "database_engine_version", "is no version"),
        ({**RDS, "database_password_key": None}, "database_password_key", "needs a password"),
        ({**AURORA, "secrets_fields": {"password": {"generate": {"length": 64}}}}, "secrets_fields.password", "41"),
        ({**RDS, "database_port": 80}, "database_port", "1150 to 65535"),
        ({**RDS, "database_storage_type": "aurora"}, "database_storage_type", "gp3"),
        ({**AURORA, "database_storage_type": "gp3"}, "database_storage_type", "aurora-iopt1"),
        ({**RDS, "database_allocated_storage": 5}, "database_allocated_storage", "on gp3 has 20 to 65536 GB"),
        ({**RDS, "database_iops": 4000}, "database_iops", "always has 3000 IOPS"),
        ({**AURORA, "database_serverless_min_capacity": 0.7}, "database_serverless_min_capacity", "0.5 or 1"),
        ({**AURORA, "database_serverless_min_capacity": -1}, "database_serverless_min_capacity", "less than nothing"),
        ({**AURORA, "database_serverless_min_capacity": 8}, "database_serverless_max_capacity", "8 or more"),
        ({**AURORA, "database_serverless_max_capacity": 0.5}, "database_serverless_max_capacity", "1 to 256"),
        ({**AURORA, "database_serverless_max_capacity": 257}, "database_serverless_max_capacity", "256"),
        ({**RDS, "database_aurora_instances": 2}, "database_aurora_instances", "only an Aurora cluster"),
        ({**AURORA, "database_aurora_instances": 17}, "database_aurora_instances", "1 to 16"),
        ({**AURORA, "database_aurora_instances": 0}, "database_aurora_instances", "1 to 16"),
        ({**RDS, "database_read_replicas": 16}, "database_read_replicas", "0 to 15"),
        ({**AURORA, "database_read_replicas": 1}, "database_read_replicas", "database_aurora_instances: 2"),
        (
            {**RDS, "database_read_replicas": 1, "database_backup_retention_period": 0},
            "database_backup_retention_period",
            "only of what has backups",
        ),
        ({**RDS, "database_backup_retention_period": 36}, "database_backup_retention_period", "0 to 35"),
        ({**AURORA, "database_backup_retention_period": 0}, "database_backup_retention_period", "1 to 35"),
        ({**RDS, "database_backup_window": "3:00-4:00"}, "database_backup_window", "no window"),
        ({**RDS, "database_backup_window": "03:00-03:10"}, "database_backup_window", "lasts 10 minutes"),
        ({**RDS, "database_maintenance_window": "04:00-05:00"}, "database_maintenance_window", "sun:04:30-sun:05:30"),
        (
            {**RDS, "database_maintenance_window": "sun:04:00-mon:05:00"},
            "database_maintenance_window",
            "less than a day",
        ),
        (
            {**RDS, "database_backup_window": "03:00-04:00", "database_maintenance_window": "sun:03:59-sun:04:30"},
            "database_maintenance_window",
            "overlaps",
        ),
        (
            {**RDS, "database_backup_window": "00:00-00:30", "database_maintenance_window": "sun:23:45-mon:00:15"},
            "database_maintenance_window",
            "overlaps",
        ),
        ({**RDS, "database_names": []}, "database_names", "there is none"),
        ({**RDS, "database_names": ["_shop"]}, "database_names", "no name of a database"),
        ({**RDS, "database_names": ["my-shop"]}, "database_names", "no name of a database"),
        ({**RDS, "database_names": ["user"]}, "database_names", "user_db"),
        ({**RDS, "database_names": ["shop", "template1"]}, "database_names", "template1_db"),
        ({**RDS, "database_names": ["shop", "my shop"]}, "database_names", "no name of a database"),
        ({**RDS, "database_names": ["shop", "shop"]}, "database_names", "named twice"),
        ({**RDS, "database_username": "admin"}, "database_username", "keeps for itself"),
        ({**RDS, "database_username": "rdsadmin"}, "database_username", "keeps for itself"),
        ({**RDS, "database_username": "pg_shop"}, "database_username", "keeps for itself"),
        ({**RDS, "database_username": "1shop"}, "database_username", "no name of a master user"),
        ({**RDS, "database_username": "s" * 64}, "database_username", "at most 63"),
        ({**RDS, "database_monitoring_interval": 20}, "database_monitoring_interval", "0, 1, 5, 10, 15, 30, 60"),
        (
            {**RDS, "database_performance_insights": True, "database_performance_insights_retention_period": 14},
            "database_performance_insights_retention_period",
            "7 is the nearest",
        ),
        ({**RDS, "database_cloudwatch_logs_exports": ["error"]}, "database_cloudwatch_logs_exports", "postgresql"),
        ({**AURORA, "database_cloudwatch_logs_exports": ["upgrade"]}, "database_cloudwatch_logs_exports", "instance"),
    ],
)
def test_what_aws_does_not_take_is_named(values, variable, words):
    (fault,) = faults(values)
    assert fault.variable == variable
    assert words in f"{fault.problem}. Right: {fault.remedy}"
