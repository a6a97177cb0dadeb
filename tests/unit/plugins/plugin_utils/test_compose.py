"""A stack as a Compose file: what its services get here, and what never gets into it."""

from __future__ import annotations

import json

import pytest

from ansible_collections.webstack.aws.plugins.plugin_utils._compose import (
    LocalStack,
    compose_file,
    development_value,
    local_url,
    secret_values,
)

DATABASE = {"engine_version": "15.5", "names": ["shop"], "username": "shop", "password_key": "db_password"}
FIELDS = {
    "db_user": {"value": "shop"},
    "db_password": {"generate": {"length": 32}},
    "dsn": {
        "template": "postgres://{db_user:url}:{db_password:url}@{database_host}:{database_port}/shop?sslmode=require"
    },
}
ENDPOINTS = {"database_host": "database", "database_port": 5432}


def stack(**settings):
    return LocalStack("shop", "us-east-1", **settings)


def services(*, settings=None, **api):
    return compose_file({"api": {"image": "shop:1", **api}}, stack(**(settings or {})))["services"]


def test_a_service_keeps_its_image_command_environment_and_health_check():
    made = services(
        port=8080,
        entry_point=["/entry"],
        command=["serve", "--cost", "$5"],
        environment={"DEBUG": True, "NAMES": ["a"], "PRICE": "$5", "NOT": None},
        health_check={"command": "curl -f localhost", "interval": 30, "timeout": 5, "retries": 3, "start_period": 60},
        user=1000,
        working_directory="/app",
        readonly_root_filesystem=True,
        stop_timeout=60,
        environment_files=["arn:aws:s3:::shop/config/api.env"],
    )
    assert made == {
        "api": {
            "image": "shop:1",
            "entrypoint": ["/entry"],
            "command": ["serve", "--cost", "$$5"],
            "environment": {"DEBUG": "true", "NAMES": '["a"]', "PRICE": "$$5"},
            "env_file": [{"path": "api.env", "required": False}],
            "healthcheck": {
                "test": ["CMD-SHELL", "curl -f localhost"],
                "interval": "30s",
                "timeout": "5s",
                "start_period": "60s",
                "retries": 3,
            },
            "user": "1000",
            "working_dir": "/app",
            "read_only": True,
            "stop_grace_period": "60s",
            "ports": ["127.0.0.1:8080:8080"],
        }
    }


def test_the_user_says_ports_images_and_builds():
    settings = {"ports": {"api": 9000}, "images": {"api": "mine"}, "builds": {"api": "../api"}}
    made = services(port=80, settings=settings)["api"]
    assert (made["ports"], made["image"], made["build"]) == (["127.0.0.1:9000:80"], "mine", "../api")
    assert "ports" not in services(port=80, settings={"ports": {"api": None}})["api"]


def test_two_at_one_port_are_refused():
    with pytest.raises(ValueError, match=r"a and b would both be at port 80 .* local_compose_ports"):
        compose_file({"a": {"image": "i", "port": 80}, "b": {"image": "i", "port": 80}}, stack())


def test_a_service_cannot_have_the_name_of_a_stand_in():
    with pytest.raises(ValueError, match="database is the name of a stand-in"):
        compose_file(
            {"database": {"image": "i"}}, stack(database=DATABASE, secrets_fields=FIELDS, template_values=ENDPOINTS)
        )


def test_secrets_are_development_values_or_have_to_be_set():
    fields = {
        **FIELDS,
        "price": {"value": "$5"},
        "stripe": {"from_env": "STRIPE_KEY"},
        "mail": {"from_env": "MAIL_KEY", "until_set": "not-set"},
        "other": {"from_secret": "other-secret:key"},
    }
    keys = [{"access_key_id_key": "key_id", "secret_access_key_key": "key"}]
    password = "${SHOP_DB_PASSWORD:-development-only-db-password-dev}"
    values = secret_values(stack(secrets_fields=fields, access_keys=keys, template_values=ENDPOINTS))
    assert values == {
        "db_user": "shop",
        "db_password": password,
        "price": "$$5",
        "stripe": "${STRIPE_KEY:?set STRIPE_KEY in .env}",
        "mail": "${MAIL_KEY:-not-set}",
        "other": "${SHOP_OTHER:?set SHOP_OTHER in .env}",
        "key_id": "development-only",
        "key": "development-only-secret",
        "dsn": f"postgres://shop:{password}@database:5432/shop?sslmode=disable",
    }


def test_a_template_that_names_nothing_known_is_refused():
    with pytest.raises(ValueError, match="names nobody"):
        secret_values(stack(secrets_fields={"a": {"template": "{nobody}"}}))


@pytest.mark.parametrize("length", [16, 17, 32, 50, 64, 128])
def test_a_development_value_has_the_length_that_was_asked_for(length):
    value = development_value("db_password", length)
    assert len(value) == length
    assert value == development_value("db_password", length)
    assert value.startswith("development-only")


def test_services_get_the_values_of_their_secrets():
    made = services(
        secrets={"DB_PASSWORD": "db_password", "FOREIGN": "arn:aws:secretsmanager:us-east-1:1:secret:a", "NONE": None},
        settings={"secrets_fields": FIELDS, "template_values": ENDPOINTS},
    )
    assert made["api"]["environment"] == {
        "DB_PASSWORD": "${SHOP_DB_PASSWORD:-development-only-db-password-dev}",
        "FOREIGN": "${FOREIGN:?set FOREIGN in .env}",
    }


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("rediss://cache:6379/0", "redis://cache:6379/0"),
        ("rediss://:token@cache:6379", "redis://:token@cache:6379"),
        ("rediss://elsewhere:6379", "rediss://elsewhere:6379"),
        (
            "postgres://u:p@database:5432/d?sslmode=verify-full&x=1",
            "postgres://u:p@database:5432/d?sslmode=disable&x=1",
        ),
        ("postgres://u:p@elsewhere/d?sslmode=require", "postgres://u:p@elsewhere/d?sslmode=require"),
        ("cache", "cache"),
    ],
)
def test_stand_ins_are_asked_without_tls(text, local):
    assert local_url(text) == local


def test_the_database_has_the_stacks_major_version_and_all_its_databases():
    settings = {"database": {**DATABASE, "names": ["shop", "more", "most"]}, "secrets_fields": FIELDS,
                "template_values": ENDPOINTS}  # fmt: skip
    document = compose_file({"api": {"image": "i"}}, stack(**settings))
    made = document["services"]["database"]
    assert made["image"] == "docker.io/library/postgres:15-alpine"
    assert made["environment"]["POSTGRES_DB"] == "shop"
    assert made["volumes"] == ["database:/var/lib/postgresql/data"]
    assert document["configs"] == {"databases": {"content": 'CREATE DATABASE "more";\nCREATE DATABASE "most";\n'}}
    assert document["services"]["api"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    newer = compose_file({}, stack(**{**settings, "database": {**DATABASE, "engine_version": "18"}}))
    assert newer["services"]["database"]["volumes"] == ["database:/var/lib/postgresql"]


@pytest.mark.parametrize(
    ("engine", "version", "image"),
    [("redis", "7.1", "docker.io/library/redis:7-alpine"), ("valkey", "8.0", "docker.io/valkey/valkey:8-alpine")],
)
def test_the_cache_is_of_the_stacks_engine_and_wants_its_token(engine, version, image):
    cache = {"engine": engine, "engine_version": version, "auth_token_key": "db_password"}
    made = services(settings={"cache": cache, "secrets_fields": FIELDS, "template_values": ENDPOINTS})["cache"]
    assert made["image"] == image
    assert made["command"][:1] == [f"{engine}-server"]
    assert made["command"][-2:] == ["--requirepass", "${SHOP_DB_PASSWORD:-development-only-db-password-dev}"]
    open_cache = services(settings={"cache": {**cache, "auth_token_key": None}})["cache"]
    assert "--requirepass" not in open_cache["command"]


def test_buckets_and_tables_are_made_but_for_those_that_the_application_makes():
    buckets = {"media": {"name": "shop-media"}, "own": {"name": "shop-own", "managed_by": "application"}}
    tables = {
        "orders": {
            "name": "shop-orders",
            "hash_key": {"name": "customer"},
            "range_key": {"name": "at", "type": "N"},
            "global_secondary_indexes": [{"name": "by-state", "hash_key": {"name": "state", "type": "S"}}],
        },
        "own": {"name": "shop-own", "hash_key": {"name": "id"}, "managed_by": "application"},
    }
    made = services(
        uses={"buckets": {"media": "read"}, "tables": {"orders": "read"}},
        settings={"buckets": buckets, "tables": tables},
    )
    [command] = made["make-buckets"]["command"]
    assert "mc mb --ignore-existing local/shop-media" in command
    assert "shop-own" not in command
    assert made["storage"]["networks"]["default"]["aliases"] == ["shop-media.storage", "shop-own.storage"]
    [command] = made["make-tables"]["command"]
    assert "shop-own" not in command
    assert json.loads(command[command.index("'") + 1 : command.rindex("'")]) == {
        "TableName": "shop-orders",
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [
            {"AttributeName": "at", "AttributeType": "N"},
            {"AttributeName": "customer", "AttributeType": "S"},
            {"AttributeName": "state", "AttributeType": "S"},
        ],
        "KeySchema": [
            {"AttributeName": "customer", "KeyType": "HASH"},
            {"AttributeName": "at", "KeyType": "RANGE"},
        ],
        "GlobalSecondaryIndexes": [
            {
                "IndexName": "by-state",
                "KeySchema": [{"AttributeName": "state", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    }
    assert made["api"]["environment"] == {
        "AWS_ENDPOINT_URL_S3": "http://storage:9000",
        "AWS_ENDPOINT_URL_DYNAMODB": "http://tables:8000",
        "AWS_ACCESS_KEY_ID": "development-only",
        "AWS_SECRET_ACCESS_KEY": "development-only-secret",
        "AWS_REGION": "us-east-1",
    }


def test_file_systems_are_volumes_that_services_share():
    mounts = {"/files": {"file_system": "media", "access_point": "uploads"}}
    read = {"/files": {"file_system": "media", "access_point": "uploads", "read_only": True}}
    document = compose_file({"a": {"image": "i", "mounts": mounts}, "b": {"image": "i", "mounts": read}}, stack())
    assert document["volumes"] == {"media-uploads": None}
    assert document["services"]["a"]["volumes"] == ["media-uploads:/files"]
    assert document["services"]["b"]["volumes"] == ["media-uploads:/files:ro"]


def test_volumes_of_a_task_are_its_services_own():
    made = services(mount_points=[{"source_volume": "tmp", "container_path": "/tmp"}])
    assert made["api"]["volumes"] == ["api-tmp:/tmp"]


def test_sidecars_share_their_services_network_and_the_collector_is_left_out():
    made = services(
        port=80,
        sidecars={"proxy": {"image": "proxy:1", "port": 81}},
        tracing={"service_name": "shop"},
        depends_on=[{"container_name": "proxy", "condition": "START"}],
    )
    assert set(made) == {"api", "api-proxy"}
    assert made["api-proxy"] == {"image": "proxy:1", "network_mode": "service:api"}
    assert made["api"]["environment"]["OTEL_SERVICE_NAME"] == "shop"
    assert made["api"]["environment"]["OTEL_SDK_DISABLED"] == "true"
    assert "depends_on" not in made["api"]


def test_jobs_run_when_they_are_called_and_are_what_their_service_is():
    settings = {"jobs": {"migrate": {"service": "api", "command": ["migrate"], "environment": {"B": "2"}}}}
    made = services(port=80, environment={"A": "1"}, settings=settings)["migrate"]
    assert made == {
        "image": "shop:1",
        "command": ["migrate"],
        "environment": {"A": "1", "B": "2"},
        "profiles": ["jobs"],
    }
