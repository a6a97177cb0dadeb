"""All stacks of an environment in one run and one account: from nothing to healthy, again, and gone, and every fact of
their sheets as AWS shows it. None ever touches another's resources."""

from __future__ import annotations

import hashlib
import importlib
import json
import re
from typing import Any

import pytest

from tests import rules
from tests.integration.shown import Shown, the_only

STACKS = ("whatsmeow", "pyshop", "apranova", "revendiste", "apuntador")
SHEETS = {stack: importlib.import_module(f"tests.integration.sheets.{stack}") for stack in STACKS}


def push_images(emulator: Any, region: str) -> list[str]:
    """What somebody does after a first run: push images with the tags that services name. Returns the repositories."""
    ecr = emulator.client("ecr", region)
    pushed = []
    for repository in ecr.describe_repositories()["repositories"]:
        name = repository["repositoryName"]
        # whatsmeow's image comes from a public registry, so that it waits for none.
        if "whatsmeow" in name:
            continue
        pushed.append(repository["repositoryUri"])
        manifest = {
            "schemaVersion": 2,
            "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
            "config": {
                "mediaType": "application/vnd.docker.container.image.v1+json",
                "size": len(name),
                "digest": f"sha256:{hashlib.sha256(name.encode()).hexdigest()}",
            },
            "layers": [],
        }
        for tag in ("latest", "v0.43.3"):
            ecr.put_image(repositoryName=name, imageManifest=json.dumps(manifest), imageTag=tag)
    return pushed


def enter_records(emulator: Any, region: str) -> str:
    """What somebody does whose names are kept elsewhere: enter there the records that validate the certificate."""
    route53, acm = emulator.client("route53", region), emulator.client("acm", region)
    arn = the_only(acm.list_certificates()["CertificateSummaryList"])["CertificateArn"]
    certificate = acm.describe_certificate(CertificateArn=arn)["Certificate"]
    zone = route53.create_hosted_zone(Name=certificate["DomainName"], CallerReference="elsewhere")
    records = {
        option["ResourceRecord"]["Name"]: option["ResourceRecord"] for option in certificate["DomainValidationOptions"]
    }
    changes = [
        {
            "Action": "UPSERT",
            "ResourceRecordSet": {
                "Name": record["Name"],
                "Type": record["Type"],
                "TTL": 300,
                "ResourceRecords": [{"Value": record["Value"]}],
            },
        }
        for record in records.values()
    ]
    route53.change_resource_record_sets(HostedZoneId=zone["HostedZone"]["Id"], ChangeBatch={"Changes": changes})
    return zone["HostedZone"]["Name"]


def lose_an_alarm(emulator: Any, region: str, prefix: str) -> None:
    """What somebody does in the console who is tired of an alarm."""
    cloudwatch = emulator.client("cloudwatch", region)
    alarms = cloudwatch.describe_alarms(AlarmNamePrefix=prefix)["MetricAlarms"]
    cloudwatch.delete_alarms(AlarmNames=[alarms[0]["AlarmName"]])


@pytest.mark.parametrize("environment", ["production", "staging", "homolog"])
def test_environment_lives(environment: str, playbooks: Any, emulator: Any) -> None:
    runs = playbooks(environment)
    stacks = [stack for stack, sheet in SHEETS.items() if environment in sheet.ENVIRONMENTS]
    with_images = [stack for stack in stacks if SHEETS[stack].IMAGES]
    shown = {stack: Shown(emulator, environment, stack, SHEETS[stack].REGION) for stack in stacks}
    rules.record(emulator)

    planned = runs.succeed("site.yml", "--check", "--diff")
    assert planned.writes == []
    assert planned.changed > 0

    first = runs.succeed("site.yml")
    for stack in with_images:
        for repository in push_images(emulator, SHEETS[stack].REGION):
            # The repositories were empty: the services wait, and the run says what is to be done.
            assert f"docker push {repository}" in first.output
    others = [enter_records(emulator, "sa-east-1")] if "revendiste" in stacks else []
    assert ("enter these records" in first.output) == bool(others)
    for stack in with_images:
        lose_an_alarm(emulator, SHEETS[stack].REGION, f"{environment}-{stack}")
    drifted = runs.run("site.yml", "--check", "-e", "plan_exit_code=true")
    assert (drifted.code, drifted.writes) == (2, []), drifted.output
    runs.succeed("site.yml", "--limit", ",".join(with_images))
    for stack in stacks:
        SHEETS[stack].check(shown[stack])

    again = runs.succeed("site.yml")
    assert (again.changed, again.writes) == (0, []), again.output
    converged = runs.run("site.yml", "--check", "-e", "plan_exit_code=true")
    assert (converged.code, converged.changed, converged.writes) == (0, 0, []), converged.output
    outputs = runs.succeed("playbooks/outputs.yml", "-e", "output_format=json")
    for stack in stacks:
        assert set(outputs_of(stack, outputs.output)) == SHEETS[stack].OUTPUTS

    listed = runs.succeed("playbooks/destroy.yml", "--check")
    assert listed.writes == []
    assert all(shown[stack].vpc["VpcId"] in listed.output for stack in stacks)
    gone, *others_of_ours = stacks
    remove(runs, gone)
    if environment == "staging":
        # One is gone, and the others did not notice.
        untouched = runs.succeed("site.yml", "--limit", ",".join(others_of_ours))
        assert (untouched.changed, untouched.writes) == (0, []), untouched.output
    for stack in others_of_ours:
        remove(runs, stack)
    assert runs.left(stacks, sorted({SHEETS[stack].REGION for stack in stacks})) == others
    assert rules.hold(emulator) == []


def outputs_of(stack: str, output: str) -> dict[str, Any]:
    """The JSON document that a run has shown for a stack."""
    documents = [json.loads(text) for text in re.findall(r"^\{$.*?^\}$", output, re.MULTILINE | re.DOTALL)]
    return the_only(document for document in documents if set(document) == SHEETS[stack].OUTPUTS)


def remove(runs: Any, stack: str) -> None:
    """Remove a stack; where something is protected, not before somebody says the word."""
    region, arguments = SHEETS[stack].REGION, ("--limit", stack, "-e", f"confirm={stack}-{runs.environment}")
    if runs.environment == "production" or SHEETS[stack].IMAGES:
        refused = runs.run("playbooks/destroy.yml", *arguments)
        assert refused.code != 0
        assert "allow_protected=true" in refused.output
        assert refused.writes == []
        arguments += ("-e", "allow_protected=true")
    before = snapshots(runs.emulator, region)
    destroyed = runs.succeed("playbooks/destroy.yml", *arguments)
    kept = snapshots(runs.emulator, region) - before
    keeps = runs.environment == "production" and stack != "apuntador"
    assert len(kept) == int(keeps), "a database leaves a final snapshot in production, and only there"
    assert all(snapshot in destroyed.output for snapshot in kept)


def snapshots(emulator: Any, region: str) -> set[str]:
    rds = emulator.client("rds", region)
    found = {item["DBSnapshotIdentifier"] for item in rds.describe_db_snapshots()["DBSnapshots"]}
    clusters = rds.describe_db_cluster_snapshots()["DBClusterSnapshots"]
    return found | {item["DBClusterSnapshotIdentifier"] for item in clusters}


def test_one_output_is_shown_alone(playbooks: Any, emulator: Any) -> None:
    staging = playbooks("staging")
    emulator.client("ssm").put_parameter(
        Name="/webstack/staging-whatsmeow/outputs", Value='{"alb_dns_name": "shop.test", "other": "x"}', Type="String"
    )
    one = staging.succeed("playbooks/outputs.yml", "--limit", "whatsmeow", "-e", "output=alb_dns_name")
    assert "shop.test" in one.output.splitlines()
