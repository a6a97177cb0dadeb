"""The rules for jobs: what they let pass, and what they say of what they do not."""

from __future__ import annotations

import pytest

from ansible_collections.webstack.aws.plugins.plugin_utils._job_options import checked_jobs
from ansible_collections.webstack.aws.plugins.plugin_utils._preflight_jobs import RULES

SYNC = {
    "service": "api",
    "command": ["run", "sync"],
    "schedule": "cron(0 3 * * ? *)",
    "timezone": "America/Sao_Paulo",
    "cpu": 256,
    "memory": 512,
    "retries": 0,
    "maximum_event_age": 60,
    "dead_letter_queue": "arn:aws:sqs:us-east-1:123456789012:others",
    "secrets": {"DSN": "dsn", "GONE": None, "OTHER": "arn:aws:secretsmanager:us-east-1:123456789012:secret:x"},
    "environment": {"LEVEL": "debug"},
}


def faults_of(**values):
    stack = {
        "webstack_region": "us-east-1",
        "webstack_services": {"api": {"image": "shop:1", "cpu": 512, "memory": 1024}},
        "webstack_jobs": {"sync": SYNC},
        "secrets_fields": {"dsn": {"template": "x"}},
        "jobs_timezone": "UTC",
        **values,
    }
    sound, faults = checked_jobs(stack["webstack_jobs"] or {})
    return faults + [fault for rule in RULES for fault in rule({**stack, "webstack_jobs": sound})]


def faults_of_job(**said):
    job = {key: value for key, value in {**SYNC, **said}.items() if value != "(none)"}
    return faults_of(webstack_jobs={"sync": job})


def test_sound_jobs_have_no_faults():
    assert faults_of() == []
    assert faults_of(webstack_jobs=None) == []
    assert faults_of_job(schedule=None, timezone=None, dead_letter_queue=False) == []
    assert faults_of_job(secrets={"DSN": "{{ secrets_outputs.key }}"}) == []
    assert faults_of_job(command="(none)", image="tool:1") == []


#: What a job says otherwise -> where the one fault is, and a piece of its text.
BAD = [
    ({"service": "(none)"}, "", "service"),
    ({"shedule": "rate(1 day)"}, "", "shedule"),
    ({"port": 80}, "", "port"),
    ({"sidecars": {}}, "", "sidecars"),
    ({"cpu": "much"}, "", "cpu"),
    ({"service": "apo"}, ".service", "api, if that was meant"),
    ({"service": "worker"}, ".service", "one of api"),
    ({"cpu": 256, "memory": 4096}, ".cpu, .memory", "cpu: 512, memory: 4096"),
    ({"cpu": 4096, "memory": "(none)"}, ".cpu, .memory", "4096 CPU units with 1024 MB"),
    ({"command": "(none)"}, ".command", "the service once more"),
    ({"command": "run sync"}, ".command", "[run, sync]"),
    ({"schedule": "rate(0 days)"}, ".schedule", "greater than 0"),
    ({"schedule": "cron(0 3 * * * *)"}, ".schedule", "must have ?"),
    ({"timezone": "Brasilia"}, ".timezone", "IANA"),
    ({"retries": 186}, ".retries", "0 to 185"),
    ({"maximum_event_age": 59}, ".maximum_event_age", "60 to 86400"),
    ({"dead_letter_queue": "others"}, ".dead_letter_queue", "no ARN"),
    ({"dead_letter_queue": "arn:aws:sqs:eu-west-1:123456789012:q"}, ".dead_letter_queue", "us-east-1"),
    ({"secrets": {"DSN": "dns"}}, ".secrets.DSN", "dsn, if that was meant"),
    ({"secrets": {"DSN": "hunter2"}}, ".secrets.DSN", "one of dsn"),
    ({"environment": {"ADMIN_PASSWORD": "x"}}, ".environment.ADMIN_PASSWORD", "clear text"),
    ({"family": "a b"}, ".family", "letters, digits"),
]


@pytest.mark.parametrize(("said", "where", "words"), BAD)
def test_what_is_wrong_with_a_job_is_said(said, where, words):
    (fault,) = faults_of_job(**said)
    assert fault.variable == f"webstack_jobs.sync{where}"
    assert words in f"{fault.problem}. {fault.remedy}"


@pytest.mark.parametrize(
    "name",
    ["TOKEN_ISSUER", "API_KEY_HEADER", "PASSWORD_HASHER", "SESSION_TOKEN_LIFETIME", "ACCESS_TOKEN_EXPIRE_MINUTES"],
)
def test_what_is_said_about_a_secret_is_none(name):
    assert faults_of_job(environment={name: "x"}) == []


@pytest.mark.parametrize("name", ["STORAGE_TOKEN", "ACCOUNT_SECRET", "DB_PASSWORD", "TYPEFORM_API_KEY"])
def test_a_secret_does_not_stand_in_the_environment(name):
    assert len(faults_of_job(environment={name: "x"})) == 1


def test_a_secrets_value_is_not_repeated():
    assert "hunter2" not in str(faults_of_job(secrets={"DSN": "hunter2"}))


@pytest.mark.parametrize("name", ["Sync", "sync_all", "1sync", "sync--all"])
def test_a_job_is_named_so_that_its_resources_can_be(name):
    (fault,) = faults_of(webstack_jobs={name: SYNC})
    assert "cannot be part of names" in fault.problem


def test_a_job_is_not_named_as_a_service():
    (fault,) = faults_of(webstack_jobs={"api": SYNC})
    assert "a service has this name" in fault.problem


def test_a_job_that_says_nothing_is_told():
    (fault,) = faults_of(webstack_jobs={"sync": None})
    assert fault.variable == "webstack_jobs.sync"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("jobs_timezone", "Mars"),
        ("jobs_schedule_group_name", "a b"),
        ("jobs_scheduler_role_name", "x" * 65),
        ("jobs_dead_letter_queue_name", "a.b"),
    ],
)
def test_what_jobs_share_is_checked(variable, value):
    (fault,) = faults_of(**{variable: value})
    assert fault.variable == variable
