"""Every stack in every environment: from nothing to healthy, again, and gone, and every fact of its sheet."""

from __future__ import annotations

import importlib
import json
from typing import Any

import pytest

from tests.integration.shown import Shown, the_only

STACKS = ("whatsmeow", "pyshop", "apranova", "revendiste", "apuntador")
SHEETS = {stack: importlib.import_module(f"tests.integration.sheets.{stack}") for stack in STACKS}
LIVES = [(stack, environment) for stack, sheet in SHEETS.items() for environment in sheet.ENVIRONMENTS]


def push_images(emulator: Any, region: str) -> None:
    """What somebody does after a first run: push an image to every repository, with the tag that the run asked for."""
    ecr = emulator.client("ecr", region)
    for repository in ecr.describe_repositories()["repositories"]:
        name = repository["repositoryName"]
        manifest = {"schemaVersion": 2, "config": {"digest": f"sha256:{name}"}, "layers": []}
        for tag in ("latest", "v0.43.3"):
            ecr.put_image(repositoryName=name, imageManifest=json.dumps(manifest), imageTag=tag)


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


@pytest.mark.parametrize(("stack", "environment"), LIVES)
def test_stack_lives(stack: str, environment: str, playbooks: Any, emulator: Any) -> None:
    sheet, limit, runs = SHEETS[stack], ("--limit", stack), playbooks(environment)

    planned = runs.succeed("site.yml", *limit, "--check", "--diff")
    assert planned.writes == []
    assert planned.changed > 0

    first = runs.succeed("site.yml", *limit)
    if sheet.IMAGES:
        # The repositories are empty: the services wait, and the run says what is to be done.
        for repository in emulator.client("ecr", sheet.REGION).describe_repositories()["repositories"]:
            assert f"docker push {repository['repositoryUri']}" in first.output
        push_images(emulator, sheet.REGION)
    others = []
    if "enter these records" in first.output:
        others.append(enter_records(emulator, sheet.REGION))
    if sheet.IMAGES:
        runs.succeed("site.yml", *limit)
    sheet.check(Shown(emulator, environment, stack, sheet.REGION))

    again = runs.succeed("site.yml", *limit)
    assert (again.changed, again.writes) == (0, []), again.output

    outputs = runs.succeed("playbooks/outputs.yml", *limit, "-e", "output_format=json")
    document = outputs.output[outputs.output.index("\n{") : outputs.output.index("\n}") + 2]
    assert set(json.loads(document)) == sheet.OUTPUTS

    check_removal(stack, environment, others, runs, emulator)


def check_removal(stack: str, environment: str, others: list[str], runs: Any, emulator: Any) -> None:
    """It goes without a remainder, and not before somebody says the word where it is protected."""
    sheet, limit = SHEETS[stack], ("--limit", stack)
    shown = Shown(emulator, environment, stack, sheet.REGION)
    listed = runs.succeed("playbooks/destroy.yml", *limit, "--check")
    assert listed.writes == []
    assert shown.vpc["VpcId"] in listed.output
    confirm = f"confirm={stack}-{environment}"
    if environment == "production" or sheet.IMAGES:
        refused = runs.run("playbooks/destroy.yml", *limit, "-e", confirm)
        assert refused.code != 0
        assert "allow_protected=true" in refused.output
        assert refused.writes == []
        confirm += " allow_protected=true"
    destroyed = runs.succeed("playbooks/destroy.yml", *limit, "-e", confirm)
    assert runs.left(stack, sheet.REGION) == others
    rds = emulator.client("rds", sheet.REGION)
    snapshots = [item["DBSnapshotIdentifier"] for item in rds.describe_db_snapshots()["DBSnapshots"]]
    snapshots += [
        item["DBClusterSnapshotIdentifier"] for item in rds.describe_db_cluster_snapshots()["DBClusterSnapshots"]
    ]
    if environment == "production" and stack != "apuntador":
        assert the_only(snapshots) in destroyed.output
    else:
        assert snapshots == []


def test_one_output_is_shown_alone(playbooks: Any, emulator: Any) -> None:
    staging = playbooks("staging")
    emulator.client("ssm").put_parameter(
        Name="/webstack/staging-whatsmeow/outputs", Value='{"alb_dns_name": "shop.test", "other": "x"}', Type="String"
    )
    one = staging.succeed("playbooks/outputs.yml", "--limit", "whatsmeow", "-e", "output=alb_dns_name")
    assert "shop.test" in one.output.splitlines()
