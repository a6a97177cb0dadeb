"""What an account has once, and the locks of its stacks: who holds one is said, and nobody else writes meanwhile."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from typing import Any

LIMIT = ("--limit", "whatsmeow")
LOCKED = (*LIMIT, "-e", "lock_table=webstack-locks")
LOCK = "staging-whatsmeow"
TAKE_AND_GIVE_BACK = ["dynamodb:PutItem", "dynamodb:DeleteItem"]
ANA = {
    "LockID": {"S": LOCK},
    "Owner": {"S": "ana@build-7"},
    "Run": {"S": "build-7-0/1/2"},
    "Created": {"S": "2026-03-01T10:00:00Z"},
    "Playbook": {"S": "site.yml"},
}


def make_table(emulator: Any) -> None:
    emulator.client("dynamodb").create_table(
        TableName="webstack-locks",
        KeySchema=[{"AttributeName": "LockID", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "LockID", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )


def locks(emulator: Any) -> list[dict[str, Any]]:
    return emulator.client("dynamodb").scan(TableName="webstack-locks")["Items"]


def assert_account_is_as_the_sheet_says(emulator: Any) -> None:
    s3 = emulator.client("s3")
    account = emulator.client("sts").get_caller_identity()["Account"]
    bucket = f"webstack-state-{account}-us-east-1"
    assert [found["Name"] for found in s3.list_buckets()["Buckets"]] == [bucket]
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    (rule,) = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    blocked = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    assert (len(blocked), set(blocked.values())) == (4, {True})
    (owner,) = s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]["Rules"]
    assert owner["ObjectOwnership"] == "BucketOwnerEnforced"
    (statement,) = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])["Statement"]
    assert (statement["Effect"], statement["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": ["false"]}})
    tags = [{"Key": "webstack:role", "Value": "account"}]
    assert s3.get_bucket_tagging(Bucket=bucket)["TagSet"] == tags

    dynamodb = emulator.client("dynamodb")
    table = dynamodb.describe_table(TableName="webstack-locks")["Table"]
    assert table["KeySchema"] == [{"AttributeName": "LockID", "KeyType": "HASH"}]
    assert table["AttributeDefinitions"] == [{"AttributeName": "LockID", "AttributeType": "S"}]
    assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert dynamodb.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"] == tags


def test_account_is_made_once(playbooks: Any, emulator: Any) -> None:
    staging = playbooks("staging")
    planned = staging.succeed("playbooks/account.yml", *LIMIT, "--check", "--diff")
    assert (planned.changed, planned.writes) == (2, [])
    made = staging.succeed("playbooks/account.yml", *LIMIT)
    assert re.search(r"^lock_table +webstack-locks$", made.output, re.MULTILINE)
    assert_account_is_as_the_sheet_says(emulator)
    for arguments in ([], ["--check"]):
        again = staging.succeed("playbooks/account.yml", *LIMIT, *arguments)
        assert (again.changed, again.writes) == (0, [])
    # It is no stack's, so that no removal of one finds it.
    gone = staging.succeed("playbooks/destroy.yml", *LOCKED, "-e", "confirm=whatsmeow-staging")
    assert gone.writes == TAKE_AND_GIVE_BACK
    assert_account_is_as_the_sheet_says(emulator)


def test_an_account_is_recorded_once_and_another_recorder_is_left_alone(playbooks: Any, emulator: Any) -> None:
    production = playbooks("production")
    elsewhere = emulator.client("config", "sa-east-1")
    recorder = {"name": "theirs", "roleARN": "arn:aws:iam::123456789012:role/theirs"}
    elsewhere.put_configuration_recorder(ConfigurationRecorder=recorder)
    two_regions = ("--limit", "whatsmeow,revendiste")
    planned = production.succeed("playbooks/account.yml", *two_regions, "--check")
    assert planned.writes == []
    made = production.succeed("playbooks/account.yml", *two_regions)
    # One trail for all regions, at home where the first stack is that asks for it.
    audit = emulator.client("cloudtrail", "sa-east-1")
    trails = audit.describe_trails(includeShadowTrails=False)["trailList"]
    assert [(trail["IsMultiRegionTrail"], trail["LogFileValidationEnabled"]) for trail in trails] == [(True, True)]
    assert audit.get_trail_status(Name=trails[0]["TrailARN"])["IsLogging"] is True
    (status,) = emulator.client("config").describe_configuration_recorder_status()["ConfigurationRecordersStatus"]
    assert status["recording"] is True
    (theirs,) = elsewhere.describe_configuration_recorders()["ConfigurationRecorders"]
    assert theirs["name"] == "theirs"
    assert "theirs" in made.output
    again = production.succeed("playbooks/account.yml", *two_regions)
    assert (again.changed, again.writes) == (0, [])


def test_a_held_lock_refuses_and_is_shown_and_released(playbooks: Any, emulator: Any) -> None:
    make_table(emulator)
    emulator.client("dynamodb").put_item(TableName="webstack-locks", Item=ANA)
    staging = playbooks("staging")
    held = "held by ana@build-7 since 2026-03-01T10:00:00Z"
    for playbook in ("site.yml", "playbooks/destroy.yml"):
        refused = staging.run(playbook, *LOCKED, "-e", "confirm=whatsmeow-staging")
        assert refused.code != 0
        assert f"the lock {LOCK} is {held}" in refused.output
        assert f"-e release={LOCK}" in refused.output
        assert refused.writes == []
    planned = staging.succeed("playbooks/destroy.yml", *LOCKED, "--check")
    assert held in planned.output
    assert "DEPRECATION" not in planned.output
    assert f"{LOCK}  {held}" in staging.succeed("playbooks/locks.yml", *LOCKED).output

    wrong = staging.run("playbooks/locks.yml", *LOCKED, "-e", "release=staging-shop")
    assert wrong.code != 0
    assert f"No stack here has the lock staging-shop; there are: {LOCK}." in wrong.output
    would = staging.succeed("playbooks/locks.yml", *LOCKED, "-e", f"release={LOCK}", "--check")
    assert "; would be released" in would.output
    assert [*wrong.writes, *would.writes] == []
    assert locks(emulator) == [ANA]
    released = staging.succeed("playbooks/locks.yml", *LOCKED, "-e", f"release={LOCK}")
    assert "; released" in released.output
    assert (released.changed, locks(emulator)) == (1, [])
    assert f"{LOCK}  free" in staging.succeed("playbooks/locks.yml", *LOCKED).output


def test_a_killed_runs_lock_is_taken_over_and_a_failed_run_gives_it_back(playbooks: Any, emulator: Any) -> None:
    make_table(emulator)
    staging = playbooks("staging")
    emulator.control("DELETE", "calls")
    process = staging.start("site.yml", *LOCKED)
    while process.poll() is None and not emulator.calls(kind="write"):
        time.sleep(0.02)
    assert process.poll() is None, process.communicate()[0][-3000:]
    # While it lives, its own user is refused as everybody is.
    os.killpg(process.pid, signal.SIGSTOP)
    (left,) = locks(emulator)
    refused = staging.run("site.yml", *LOCKED)
    assert (refused.code != 0, refused.writes) == (True, [])
    assert f"held by {left['Owner']['S']} since" in refused.output
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert locks(emulator) == [left]

    rule = {"service": "ec2", "operation": "CreateSubnet", "error": {"code": "SubnetLimitExceeded"}}
    emulator.control("PUT", "faults", {"rules": [rule]})
    failed = staging.run("site.yml", *LOCKED)
    assert failed.code != 0
    assert "SubnetLimitExceeded" in failed.output
    assert "ec2:CreateSubnet" in failed.writes
    assert [failed.writes[0], failed.writes[-1]] == TAKE_AND_GIVE_BACK
    assert locks(emulator) == []
