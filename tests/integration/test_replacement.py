"""What AWS can only do by replacing is shown, refused, and done once it is allowed, and always something serves."""

from __future__ import annotations

import json
import threading
from typing import Any

LIMIT = ("--limit", "whatsmeow")
GROUP = "homolog-whatsmeow-api"
OTHER_PORT = {
    "webstack_service_overrides": {
        "api": {
            "port": 9090,
            "environment": {"PORT": "9090"},
            "desired_count": 1,
            "autoscaling": {"minimum": 1, "maximum": 2},
        }
    }
}
PORT = ("-e", json.dumps(OTHER_PORT))

#: How long a task takes to be healthy: long enough that a listener that is moved too early is seen.
TASK_SECONDS = 3.0


class Watch(threading.Thread):
    """Looks all the time whether each group that gets requests has healthy targets."""

    def __init__(self, emulator: Any):
        super().__init__(daemon=True)
        self.elbv2 = emulator.client("elbv2")
        self.faults: list[str] = []
        self.looks = 0
        self._is_over = threading.Event()

    def serving(self) -> set[str]:
        """The groups to which some listener sends requests."""
        [balancer] = self.elbv2.describe_load_balancers()["LoadBalancers"]
        actions = []
        for listener in self.elbv2.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]:
            for rule in self.elbv2.describe_rules(ListenerArn=listener["ListenerArn"])["Rules"]:
                actions += rule["Actions"]
        return {
            group["TargetGroupArn"]
            for action in actions
            if action["Type"] == "forward"
            for group in action["ForwardConfig"]["TargetGroups"]
            if group["Weight"]
        }

    def is_healthy(self, arn: str) -> bool:
        try:
            targets = self.elbv2.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
        except self.elbv2.exceptions.TargetGroupNotFoundException:
            return False
        return any(target["TargetHealth"]["State"] == "healthy" for target in targets)

    def run(self) -> None:
        while not self._is_over.wait(0.1):
            before = self.serving()
            down = {arn for arn in before if not self.is_healthy(arn)}
            # What a listener left between the two looks is no fault.
            self.faults += sorted(down & self.serving())
            self.looks += 1

    def stop(self) -> None:
        self._is_over.set()
        self.join()


def order(writes: list[str], *wanted: str) -> bool:
    """Whether ``wanted`` are among ``writes`` in this order."""
    left = iter(writes)
    return all(any(write == want for write in left) for want in wanted)


def groups(emulator: Any) -> list[tuple[str, int]]:
    described = emulator.client("elbv2").describe_target_groups()["TargetGroups"]
    return sorted((group["TargetGroupName"], group["Port"]) for group in described)


def test_another_port_replaces_the_target_group_and_nobody_notices(playbooks: Any, emulator: Any) -> None:
    homolog = playbooks("homolog")
    homolog.succeed("site.yml", *LIMIT)
    assert groups(emulator) == [(GROUP, 8080)]

    planned = homolog.succeed("site.yml", *LIMIT, *PORT, "--check", "--diff")
    assert planned.writes == []
    assert f"allow_replace={GROUP}" in planned.output

    refused = homolog.run("site.yml", *LIMIT, *PORT)
    assert refused.code != 0
    for words in (f"target_group {GROUP}", "port (live 8080, wanted 9090)", "Steps:", "Gap:", f"allow_replace={GROUP}"):
        assert words in refused.output.replace("\n", " ")
    assert groups(emulator) == [(GROUP, 8080)]

    emulator.control("PUT", "provisioning", {"ecs_task": TASK_SECONDS})
    watch = Watch(emulator)
    watch.start()
    try:
        done = homolog.succeed("site.yml", *LIMIT, *PORT, "-e", f"allow_replace={GROUP}")
    finally:
        watch.stop()
    assert watch.looks > 20
    assert watch.faults == []
    assert order(
        done.writes,
        "elbv2:CreateTargetGroup",
        "elbv2:ModifyListener",
        "ecs:CreateService",
        "elbv2:ModifyListener",
        "ecs:UpdateService",
        "ecs:DeleteService",
        "elbv2:DeleteTargetGroup",
        "ec2:RevokeSecurityGroupIngress",
    ), done.writes
    [(name, port)] = groups(emulator)
    assert name.startswith(f"{GROUP}-")
    assert port == 9090
    services = emulator.client("ecs").describe_services(
        cluster="homolog-whatsmeow", services=["whatsmeow-api-service", "whatsmeow-api-service-next"]
    )["services"]
    assert [item["serviceName"] for item in services if item["status"] == "ACTIVE"] == ["whatsmeow-api-service"]

    again = homolog.succeed("site.yml", *LIMIT, *PORT)
    assert (again.changed, again.writes) == (0, []), again.output[-4000:]
    homolog.succeed("playbooks/destroy.yml", *LIMIT, "-e", "confirm=whatsmeow-homolog")
    assert homolog.left(["whatsmeow"]) == []
