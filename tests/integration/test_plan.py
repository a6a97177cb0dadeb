"""The plan of a stack: saved, carried out, refused where it does not hold any more; its exit code; drift."""

from __future__ import annotations

import json
from typing import Any

import jsonschema

from tests.integration.conftest import ROOT

STACK = ("--limit", "whatsmeow")
SCHEMA = json.loads((ROOT / "docs" / "plan.schema.json").read_text())


def test_a_saved_plan_is_carried_out_and_nothing_else(playbooks: Any, emulator: Any, tmp_path: Any) -> None:
    homolog = playbooks("homolog")
    saved, page, done = (tmp_path / name for name in ("plan.json", "plan.html", "done.json"))

    planned = homolog.run(
        "site.yml",
        *STACK,
        "--check",
        "-e",
        f"plan_file={saved}",
        "-e",
        f"plan_page={page}",
        "-e",
        "plan_exit_code=true",
    )
    assert (planned.code, planned.writes) == (2, [])
    plan = json.loads(saved.read_text())
    jsonschema.validate(plan, SCHEMA)
    assert "rds_instance homolog-whatsmeow-db" in planned.output
    assert f"{plan['stacks'][0]['totals']['create']} to create, 0 to update" in planned.output
    assert "homolog-whatsmeow-db" in page.read_text()

    # Another value than the plan was made with.
    otherwise = homolog.run("site.yml", *STACK, "-e", f"plan_file={saved}", "-e", "cache_replicas=1")
    assert otherwise.code != 0
    assert otherwise.writes == []
    assert "other values have the variables cache_replicas" in otherwise.output

    first = homolog.succeed("site.yml", *STACK, "-e", f"plan_file={saved}", "-e", f"plan_done_file={done}")
    assert first.changed > 0
    jsonschema.validate(json.loads(done.read_text()), SCHEMA)
    assert changes(done) == changes(saved)

    # What was planned is done: the plan does not hold any more.
    late = homolog.run("site.yml", *STACK, "-e", f"plan_file={saved}")
    assert late.code != 0
    assert late.writes == []
    assert "vpc homolog-whatsmeow: planned was to create" in late.output

    again = homolog.run("site.yml", *STACK, "--check", "-e", "plan_exit_code=true")
    assert (again.code, again.changed) == (0, 0), again.output

    calm = homolog.run("playbooks/drift.yml", *STACK)
    assert (calm.code, calm.writes) == (0, []), calm.output

    open_the_database(emulator)
    topic = emulator.client("sns").create_topic(Name="who-cares")["TopicArn"]
    variables = {"output_format": "json", "drift_topic_arn": topic, "cache_replicas": 1}
    drifted = homolog.run("playbooks/drift.yml", *STACK, "-e", json.dumps(variables))
    assert (drifted.code, drifted.writes) == (2, ["sns:Publish"]), drifted.output
    begin = drifted.output.index('{\n  "homolog-whatsmeow"')
    found, _end = json.JSONDecoder().raw_decode(drifted.output[begin:])
    lists = found["homolog-whatsmeow"]
    assert [item["kind"] for item in lists["unknown"]] == ["security_group"]
    assert "elasticache_replication_group" in [item["kind"] for item in lists["wanted"]]
    assert "security_group" not in [item["kind"] for item in lists["wanted"]]


def changes(file: Any) -> set[tuple[str, str, str, frozenset[str]]]:
    """What a document says that changes: resource, action, fields."""
    return {
        (item["kind"], item["name"], item["action"], frozenset(change["field"] for change in item["changes"]))
        for stack in json.loads(file.read_text())["stacks"]
        for item in stack["resources"]
        if item["action"] != "none"
    }


def open_the_database(emulator: Any) -> None:
    """What somebody does in the console: let the whole VPC reach the database."""
    ec2 = emulator.client("ec2")
    groups = ec2.describe_security_groups(Filters=[{"Name": "group-name", "Values": ["homolog-whatsmeow-database"]}])
    ec2.authorize_security_group_ingress(
        GroupId=groups["SecurityGroups"][0]["GroupId"],
        IpPermissions=[
            {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]},
        ],
    )
