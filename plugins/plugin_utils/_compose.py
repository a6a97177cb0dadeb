# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stack on one machine: its services with stand-ins for what AWS gives them, as a Compose file. Pure.

No secret gets into it: what a stack generates has a value for development here, and what comes from elsewhere is left
to an environment variable or the file ``.env``.
"""

from __future__ import annotations

import json
import re
import typing as t
from urllib.parse import quote

from ansible_collections.webstack.aws.plugins.module_utils._container_services import tracing_environment
from ansible_collections.webstack.aws.plugins.module_utils._jobs import stack_job
from ansible_collections.webstack.aws.plugins.module_utils._secret_values import GENERATED_LENGTH, PLACE

Options = dict[str, t.Any]

#: The stand-ins, by the names under which services reach them, and the ports on which these listen.
DATABASE, CACHE, STORAGE, TABLES = "database", "cache", "storage", "tables"
PORTS = {DATABASE: 5432, CACHE: 6379, STORAGE: 9000, TABLES: 8000}
#: Where they are on this machine, unless the stack says otherwise; not all on their own, which many services have, too.
HOST_PORTS = {**PORTS, TABLES: 8042}
#: What makes the buckets and the tables, once.
MAKE_BUCKETS, MAKE_TABLES = "make-buckets", "make-tables"

#: Their images; {version} is the major version of the stack's engine.
IMAGES = {
    DATABASE: "docker.io/library/postgres:{version}-alpine",
    "redis": "docker.io/library/redis:{version}-alpine",
    "valkey": "docker.io/valkey/valkey:{version}-alpine",
    STORAGE: "docker.io/minio/minio:RELEASE.2025-04-22T22-12-26Z",
    MAKE_BUCKETS: "docker.io/minio/mc:RELEASE.2025-04-16T18-13-26Z",
    TABLES: "docker.io/amazon/dynamodb-local:2.6.1",
    MAKE_TABLES: "docker.io/amazon/aws-cli:2.27.0",
}

#: With which key pair the stand-ins for S3 and DynamoDB let in; nothing but them knows it.
ACCESS_KEY, SECRET_KEY = "development-only", "development-only-secret"


class LocalStack(t.NamedTuple):
    """What a stack is, apart from its services. database, cache: None where it has none.

    database: engine_version, names, username, password_key. cache: engine, engine_version, auth_token_key. buckets and
    tables: as storage_outputs has them, tables with their keys and indexes. ports, images, builds: what the user says.
    """

    name: str
    region: str
    jobs: t.Mapping[str, Options] = {}
    database: Options | None = None
    cache: Options | None = None
    buckets: t.Mapping[str, Options] = {}
    tables: t.Mapping[str, Options] = {}
    secrets_fields: t.Mapping[str, Options] = {}
    access_keys: t.Sequence[Options] = ()
    template_values: t.Mapping[str, t.Any] = {}
    ports: t.Mapping[str, int | None] = {}
    images: t.Mapping[str, str] = {}
    builds: t.Mapping[str, t.Any] = {}


def compose_file(services: t.Mapping[str, Options], stack: LocalStack) -> Options:
    """The Compose file, as a mapping. Raises ValueError, with what is wrong and what would be right."""
    made = _stand_ins(stack)
    taken = sorted(set(made) & {*services, *stack.jobs})
    if taken:
        raise ValueError(f"{', '.join(taken)} is the name of a stand-in; name the service or the job otherwise")
    secrets = secret_values(stack)
    volumes: dict[str, None] = {name: None for name in (DATABASE, STORAGE) if name in made}
    for key, service in services.items():
        made[key] = _service(key, service, stack, secrets, volumes)
        made[key].update(_published(key, service.get("port"), stack))
        for name, sidecar in (service.get("sidecars") or {}).items():
            # As in a task, both are localhost to each other; so the service starts first, whichever waits on AWS.
            made[f"{key}-{name}"] = {
                **_container(f"{key}-{name}", sidecar, stack, secrets),
                "network_mode": f"service:{key}",
            }
    for key, job in stack.jobs.items():
        whole = stack_job(key, job, services, {}, {})
        # It runs when it is called: docker compose run --rm <job>
        made[key] = {**_service(key, whole, stack, secrets, volumes), "profiles": ["jobs"]}
    _check_ports(made)
    configs = {"databases": {"content": _databases(stack)}} if _databases(stack) else {}
    sections: Options = {"services": made, "volumes": volumes, "configs": configs}
    return {"name": stack.name, **{name: section for name, section in sections.items() if section}}


def secret_values(stack: LocalStack) -> dict[str, str]:
    """What each key of the stack's secret is on this machine, in Compose's form: ``$`` begins a variable."""
    values: dict[str, str] = {}
    templates: dict[str, str] = {}
    for key, source in stack.secrets_fields.items():
        variable = f"{stack.name}_{key}".upper().replace("-", "_")
        if "template" in source:
            templates[key] = source["template"]
        elif "value" in source:
            values[key] = literal(source["value"])
        elif "generate" in source:
            length = (source["generate"] or {}).get("length") or GENERATED_LENGTH
            values[key] = f"${{{variable}:-{development_value(key, length)}}}"
        elif "from_env" in source:
            values[key] = _wanted(source["from_env"], source.get("until_set"))
        else:
            values[key] = _wanted(variable, None)
    for access in stack.access_keys:
        values[access["access_key_id_key"]] = ACCESS_KEY
        values[access["secret_access_key_key"]] = SECRET_KEY
    for key, template in templates.items():
        values[key] = local_url(_rendered(template, values, stack.template_values))
    return values


def development_value(key: str, length: int) -> str:
    """What stands for a generated secret: always the same, of the length that was asked for, seen to be no secret."""
    word = re.sub(r"[^a-z0-9]+", "-", f"development-only-{key.lower()}-")
    return (word * (length // len(word) + 1))[:length].rstrip("-").ljust(length, "0")


def literal(value: t.Any) -> str:
    """A value as it stands in a Compose file, where ``$`` would begin a variable; ECS writes values alike."""
    text = json.dumps(value) if isinstance(value, (bool, dict, list)) else str(value)
    return text.replace("$", "$$")


def local_url(text: str) -> str:
    """The stand-ins speak no TLS: a URL that leads to one of them says so."""
    if re.search(rf"[@/]{DATABASE}[:/]", text):
        text = re.sub(r"\bsslmode=[a-z-]+", "sslmode=disable", text)
    return re.sub(rf"\brediss://(?=([^/@]*@)?{CACHE}[:/])", "redis://", text)


def _wanted(variable: str, until_set: str | None) -> str:
    if until_set is not None:
        return f"${{{variable}:-{until_set}}}"
    return f"${{{variable}:?set {variable} in .env}}"


def _rendered(template: str, values: t.Mapping[str, str], others: t.Mapping[str, t.Any]) -> str:
    """A secret's template with its places filled; what is a variable of Compose goes in as it is."""
    parts, end = [], 0
    for match in PLACE.finditer(template):
        parts.append(literal(template[end : match.start()]))
        end = match.end()
        name = match[1]
        if name not in values and name not in others:
            raise ValueError(f"a template of secrets_fields names {name}, which is neither a field nor an endpoint")
        value = values.get(name, literal(others.get(name, "")))
        parts.append(quote(value, safe="") if match[2] and not value.startswith("${") else value)
    return "".join([*parts, literal(template[end:])])


def _service(
    key: str, service: Options, stack: LocalStack, secrets: t.Mapping[str, str], volumes: dict[str, None]
) -> Options:
    """One service, or a job in the form of one."""
    tracing = service.get("tracing")
    environment = dict(service.get("environment") or {})
    if tracing is not None:
        # The same names as on AWS; no collector is beside it that would take the traces.
        name = service.get("name") or f"{stack.name}-{key}"
        environment = {**tracing_environment(tracing, name), **environment, "OTEL_SDK_DISABLED": "true"}
    environment = {**_endpoints(service, stack), **environment}
    made = _container(key, {**service, "environment": environment}, stack, secrets)
    mounts = []
    for path, mount in (service.get("mounts") or {}).items():
        volume = "-".join(filter(None, (mount["file_system"], mount.get("access_point"))))
        volumes[volume] = None
        mounts.append(f"{volume}:{path}{':ro' if mount.get('read_only') else ''}")
    for mount in service.get("mount_points") or []:
        volume = f"{key}-{mount['source_volume']}"
        volumes[volume] = None
        mounts.append(f"{volume}:{mount['container_path']}{':ro' if mount.get('read_only') else ''}")
    if mounts:
        made["volumes"] = mounts
    awaited = {name: {"condition": condition} for name, condition in _awaited(stack).items()}
    if awaited:
        made["depends_on"] = awaited
    return made


def _container(key: str, settings: Options, stack: LocalStack, secrets: t.Mapping[str, str]) -> Options:
    """What a container runs, with its environment: the secrets' values are among it."""
    made: Options = {"image": stack.images.get(key) or settings["image"]}
    if key in stack.builds:
        made["build"] = stack.builds[key]
    for option, name in (("entry_point", "entrypoint"), ("command", "command")):
        if settings.get(option):
            made[name] = [literal(word) for word in settings[option]]
    variables = {
        name: local_url(literal(value))
        for name, value in (settings.get("environment") or {}).items()
        if value is not None
    }
    for name, wanted in (settings.get("secrets") or {}).items():
        if wanted:
            variables[name] = _wanted(name, None) if str(wanted).startswith("arn:") else secrets[wanted]
    if variables:
        made["environment"] = variables
    if settings.get("environment_files"):
        files = (str(arn).rpartition("/")[2] for arn in settings["environment_files"])
        made["env_file"] = [{"path": name, "required": False} for name in files]
    if settings.get("health_check"):
        made["healthcheck"] = _health_check(settings["health_check"])
    for option, name in (("user", "user"), ("working_directory", "working_dir")):
        if settings.get(option):
            made[name] = str(settings[option])
    if settings.get("readonly_root_filesystem"):
        made["read_only"] = True
    if settings.get("stop_timeout"):
        made["stop_grace_period"] = f"{settings['stop_timeout']}s"
    return made


def _health_check(check: Options) -> Options:
    command = check["command"]
    test = ["CMD-SHELL", command] if isinstance(command, str) else command
    made: Options = {"test": [literal(word) for word in test]}
    for option in ("interval", "timeout", "start_period"):
        if check.get(option) is not None:
            made[option] = f"{check[option]}s"
    if check.get("retries") is not None:
        made["retries"] = check["retries"]
    return made


def _endpoints(service: Options, stack: LocalStack) -> Options:
    """Where AWS's SDKs find the stand-ins of what a service uses."""
    uses = service.get("uses") or {}
    own_keys = {access["access_key_id_key"] for access in stack.access_keys}
    found: Options = {}
    if uses.get("buckets") or own_keys & set((service.get("secrets") or {}).values()):
        found["AWS_ENDPOINT_URL_S3"] = f"http://{STORAGE}:{PORTS[STORAGE]}"
    if uses.get("tables"):
        found["AWS_ENDPOINT_URL_DYNAMODB"] = f"http://{TABLES}:{PORTS[TABLES]}"
    if uses:
        found |= {"AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY, "AWS_REGION": stack.region}
    return found


def _awaited(stack: LocalStack) -> dict[str, str]:
    """What every service waits for, and how far it must be."""
    awaited = {}
    if stack.database:
        awaited[DATABASE] = "service_healthy"
    if stack.cache:
        awaited[CACHE] = "service_healthy"
    if stack.buckets:
        awaited[MAKE_BUCKETS] = "service_completed_successfully"
    if stack.tables:
        awaited[MAKE_TABLES] = "service_completed_successfully"
    return awaited


def _published(key: str, port: int | None, stack: LocalStack) -> Options:
    """Where a container is reached from this machine, and from no other."""
    outside = stack.ports.get(key, HOST_PORTS.get(key, port))
    return {"ports": [f"127.0.0.1:{outside}:{port}"]} if port and outside else {}


def _check_ports(services: t.Mapping[str, Options]) -> None:
    places: dict[str, str] = {}
    for key, service in services.items():
        for mapping in service.get("ports", []):
            outside = mapping.split(":")[1]
            if outside in places:
                raise ValueError(
                    f"{places[outside]} and {key} would both be at port {outside} of this machine; "
                    f"give one another in local_compose_ports"
                )
            places[outside] = key


def _stand_ins(stack: LocalStack) -> dict[str, Options]:
    """The containers that stand for what AWS gives the stack."""
    made: dict[str, Options] = {}
    if stack.database:
        made[DATABASE] = _database(stack, stack.database)
    if stack.cache:
        made[CACHE] = _cache(stack, stack.cache)
    if stack.buckets:
        made.update(_storage(stack))
    if stack.tables:
        made.update(_tables(stack))
    for key in list(made):
        made[key].update(_published(key, PORTS.get(key), stack))
    return made


def _image(stack: LocalStack, key: str, version: str = "", kind: str = "") -> str:
    return stack.images.get(key) or IMAGES[kind or key].format(version=version)


def _database(stack: LocalStack, database: Options) -> Options:
    major = str(database["engine_version"]).partition(".")[0]
    user, name = database["username"], database["names"][0]
    made: Options = {
        "image": _image(stack, DATABASE, major),
        "environment": {
            "POSTGRES_USER": literal(user),
            "POSTGRES_PASSWORD": secret_values(stack)[database["password_key"]],
            "POSTGRES_DB": literal(name),
        },
        # Since version 18 the image keeps the data of each version in a directory of its own.
        "volumes": [f"{DATABASE}:/var/lib/postgresql{'' if int(major) >= 18 else '/data'}"],
        "healthcheck": _quickly(["CMD", "pg_isready", "--username", user, "--dbname", name]),
    }
    if _databases(stack):
        made["configs"] = [{"source": "databases", "target": "/docker-entrypoint-initdb.d/databases.sql"}]
    return made


def _databases(stack: LocalStack) -> str:
    """What makes the databases beside the first."""
    names = (stack.database or {}).get("names", [])[1:]
    return "".join(f'CREATE DATABASE "{name}";\n' for name in names)


def _cache(stack: LocalStack, cache: Options) -> Options:
    engine, major = cache["engine"], str(cache["engine_version"]).partition(".")[0]
    made: Options = {"image": _image(stack, CACHE, major, engine), "command": [f"{engine}-server", "--save", ""]}
    if cache.get("auth_token_key"):
        token = secret_values(stack)[cache["auth_token_key"]]
        made["command"] += ["--requirepass", token]
        # The health check reads it there.
        made["environment"] = {"REDISCLI_AUTH": token}
    made["healthcheck"] = _quickly(["CMD", f"{engine}-cli", "ping"])
    return made


def _storage(stack: LocalStack) -> dict[str, Options]:
    names = [bucket["name"] for bucket in stack.buckets.values() if bucket.get("managed_by") != "application"]
    login = f"mc alias set local http://{STORAGE}:{PORTS[STORAGE]} {ACCESS_KEY} {SECRET_KEY}"
    return {
        STORAGE: {
            "image": _image(stack, STORAGE),
            "command": ["server", "/data"],
            "environment": {
                "MINIO_ROOT_USER": ACCESS_KEY,
                "MINIO_ROOT_PASSWORD": SECRET_KEY,
                "MINIO_DOMAIN": STORAGE,
            },
            # AWS's SDKs ask for a bucket by a host name of its own.
            "networks": {
                "default": {"aliases": [f"{bucket['name']}.{STORAGE}" for bucket in stack.buckets.values()]},
            },
            "volumes": [f"{STORAGE}:/data"],
            "healthcheck": _quickly(["CMD", "mc", "ready", "local"]),
        },
        MAKE_BUCKETS: {
            "image": _image(stack, MAKE_BUCKETS),
            "entrypoint": ["/bin/sh", "-c"],
            "command": [" && ".join([login, *(f"mc mb --ignore-existing local/{name}" for name in names)])],
            "depends_on": {STORAGE: {"condition": "service_healthy"}},
        },
    }


def _tables(stack: LocalStack) -> dict[str, Options]:
    commands = [
        f"(aws dynamodb describe-table --table-name {table['name']} >/dev/null 2>&1 || "
        f"aws dynamodb create-table --cli-input-json '{json.dumps(_table(table))}')"
        for table in stack.tables.values()
        if table.get("managed_by") != "application"
    ]
    return {
        # What it holds is gone with its container, and made anew with the next.
        TABLES: {"image": _image(stack, TABLES), "command": ["-jar", "DynamoDBLocal.jar", "-sharedDb", "-inMemory"]},
        MAKE_TABLES: {
            "image": _image(stack, MAKE_TABLES),
            "entrypoint": ["/bin/sh", "-c"],
            "command": [literal(" && ".join(commands) or "true")],
            "environment": {
                "AWS_ENDPOINT_URL_DYNAMODB": f"http://{TABLES}:{PORTS[TABLES]}",
                "AWS_ACCESS_KEY_ID": ACCESS_KEY,
                "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
                "AWS_REGION": stack.region,
                "AWS_RETRY_MODE": "standard",
                "AWS_MAX_ATTEMPTS": "10",
            },
            "depends_on": {TABLES: {"condition": "service_started"}},
        },
    }


def _table(table: Options) -> Options:
    """A table for CreateTable: its keys and indexes."""
    keys = [table, *table.get("global_secondary_indexes", [])]
    attributes = {
        key[part]["name"]: key[part].get("type") or "S"
        for key in keys
        for part in ("hash_key", "range_key")
        if key.get(part)
    }
    made: Options = {
        "TableName": table["name"],
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [
            {"AttributeName": name, "AttributeType": kind} for name, kind in sorted(attributes.items())
        ],
        "KeySchema": _key_schema(table),
    }
    indexes = [
        {"IndexName": index["name"], "KeySchema": _key_schema(index), "Projection": {"ProjectionType": "ALL"}}
        for index in table.get("global_secondary_indexes", [])
    ]
    return {**made, "GlobalSecondaryIndexes": indexes} if indexes else made


def _key_schema(key: Options) -> list[Options]:
    return [
        {"AttributeName": key[part]["name"], "KeyType": kind}
        for part, kind in (("hash_key", "HASH"), ("range_key", "RANGE"))
        if key.get(part)
    ]


def _quickly(test: list[str]) -> Options:
    """A health check of a stand-in: others wait for it."""
    return {"test": [literal(word) for word in test], "interval": "5s", "timeout": "5s", "retries": 20}
