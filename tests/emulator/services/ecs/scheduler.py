"""Services and their deployments: the service scheduler of ECS, driven by whoever looks.

``Service.advance`` lets everything happen that is due by now, in its order. Rolling updates keep to the minimum
healthy and maximum percent; the circuit breaker counts as AWS says in "How the Amazon ECS deployment circuit breaker
detects failures". A service that has no circuit breaker tries for ever, with growing pauses; where tasks take no time
(``ecs_task`` 0) it tries once for every look at it.
"""

from __future__ import annotations

import math
import time
import uuid
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from moto.cloudwatch.models import cloudwatch_backends

from ...state import STATE
from . import launch
from .common import FARGATE_PROVIDERS, Backend, arn, moment, number_id
from .task_definitions import TaskDefinition
from .tasks import Task, pick_provider

#: What a deployment is made of: changing one of these makes a new one.
DEPLOYED = (
    "taskDefinition",
    "networkConfiguration",
    "platformVersion",
    "loadBalancers",
    "serviceRegistries",
    "serviceConnectConfiguration",
    "volumeConfigurations",
    "vpcLatticeConfigurations",
)
_MAXIMUM_EVENTS = 100
_STOPPED_TASKS_KEPT_FOR = 3600.0
# A look at a service that nobody has looked at for long lets no more than this happen.
_MAXIMUM_STEPS = 2000


@dataclass(eq=False)
class Deployment:
    """One deployment of a service, and the service deployment (of the newer API) that it belongs to."""

    service: Service
    definition: TaskDefinition
    settings: dict[str, Any]
    created_at: float
    id: str = field(default_factory=lambda: f"ecs-svc/{number_id()}")
    status: str = "PRIMARY"
    failed_tasks: int = 0
    updated_at: float = 0.0
    rollout_state: str = "IN_PROGRESS"
    rollout_reason: str = ""
    proven: bool = False
    rolling_back: bool = False
    failures: int = 0
    pause_until: float = 0.0
    stuck: bool = False
    record: ServiceDeployment | None = None

    def __post_init__(self) -> None:
        self.updated_at = self.created_at
        self.rollout_reason = f"ECS deployment {self.id} in progress."
        self.revision_arn = arn(
            self.service.backend,
            f"service-revision/{self.service.cluster.name}/{self.service.name}/{number_id()}",
        )

    @property
    def tasks(self) -> list[Task]:
        """Those that are not stopped."""
        return [task for task in self.service.tasks if task.deployment is self and task.last_status != "STOPPED"]

    @property
    def live(self) -> list[Task]:
        return [task for task in self.tasks if task.live]

    @property
    def healthy(self) -> list[Task]:
        return [task for task in self.live if task.settled]

    @property
    def pending(self) -> int:
        return sum(task.last_status in ("PROVISIONING", "PENDING") for task in self.tasks)

    @property
    def running(self) -> int:
        return sum(task.last_status == "RUNNING" for task in self.tasks)

    @property
    def desired(self) -> int:
        if self.status != "PRIMARY":
            return 0 if self.rollout_state == "FAILED" else len(self.live)
        return self.service.desired_count

    def describe(self) -> dict[str, Any]:
        service = self.service
        return {
            "id": self.id,
            "status": self.status,
            "taskDefinition": self.definition.arn,
            "desiredCount": self.desired,
            "pendingCount": self.pending,
            "runningCount": self.running,
            "failedTasks": self.failed_tasks,
            "createdAt": moment(self.created_at),
            "updatedAt": moment(self.updated_at),
            "launchType": service.launch_type,
            "capacityProviderStrategy": service.capacity_provider_strategy or None,
            "platformVersion": self.settings.get("platformVersion"),
            "platformFamily": "Linux" if service.on_fargate else None,
            "networkConfiguration": self.settings.get("networkConfiguration"),
            "rolloutState": self.rollout_state,
            "rolloutStateReason": self.rollout_reason,
            "serviceConnectConfiguration": self.settings.get("serviceConnectConfiguration"),
            "volumeConfigurations": self.settings.get("volumeConfigurations"),
        }


@dataclass(eq=False)
class ServiceDeployment:
    """What ListServiceDeployments and DescribeServiceDeployments show."""

    service: Service
    target: Deployment
    sources: list[Deployment]
    created_at: float
    configuration: dict[str, Any]
    id: str = field(default_factory=lambda: uuid.uuid4().hex[:21])
    status: str = "IN_PROGRESS"
    reason: str | None = None
    finished_at: float | None = None
    stopped_at: float | None = None
    updated_at: float = 0.0
    rollback: dict[str, Any] | None = None
    triggered: bool = False
    alarms: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.arn = arn(
            self.service.backend, f"service-deployment/{self.service.cluster.name}/{self.service.name}/{self.id}"
        )
        self.updated_at = self.created_at

    @property
    def ongoing(self) -> bool:
        return self.status in ("PENDING", "IN_PROGRESS", "ROLLBACK_IN_PROGRESS")

    def end(self, at: float, status: str, reason: str | None = None) -> None:
        if not self.ongoing:
            return
        self.status, self.updated_at = status, at
        self.reason = reason or self.reason
        if status == "STOPPED":
            self.stopped_at = at
        self.finished_at = at

    def brief(self) -> dict[str, Any]:
        return {
            "serviceDeploymentArn": self.arn,
            "serviceArn": self.service.arn,
            "clusterArn": self.service.cluster.arn,
            "startedAt": moment(self.created_at),
            "createdAt": moment(self.created_at),
            "finishedAt": moment(self.finished_at),
            "targetServiceRevisionArn": self.target.revision_arn,
            "status": self.status,
            "statusReason": self.reason,
        }

    def describe(self) -> dict[str, Any]:
        breaker = self.configuration["deploymentCircuitBreaker"]
        monitoring = "MONITORING" if self.ongoing else "MONITORING_COMPLETE"
        answer = {name: value for name, value in self.brief().items() if name != "targetServiceRevisionArn"}
        answer |= {
            "updatedAt": moment(self.updated_at),
            "stoppedAt": moment(self.stopped_at),
            "sourceServiceRevisions": [self._revision(source) for source in self.sources],
            "targetServiceRevision": self._revision(self.target),
            "deploymentConfiguration": self.configuration,
            "rollback": self.rollback,
            "deploymentCircuitBreaker": {
                "status": ("TRIGGERED" if self.triggered else monitoring) if breaker["enable"] else "DISABLED",
                "failureCount": self.target.failures,
                "threshold": threshold(self.service.desired_count),
            },
        }
        alarms = self.configuration.get("alarms")
        if alarms:
            state = ("TRIGGERED" if self.alarms else monitoring) if alarms["enable"] else "DISABLED"
            answer["alarms"] = {
                "status": state,
                "alarmNames": alarms["alarmNames"],
                "triggeredAlarmNames": self.alarms,
            }
        return answer

    @staticmethod
    def _revision(deployment: Deployment) -> dict[str, Any]:
        return {
            "arn": deployment.revision_arn,
            "requestedTaskCount": deployment.desired,
            "runningTaskCount": deployment.running,
            "pendingTaskCount": deployment.pending,
        }


def threshold(desired_count: int) -> int:
    """How many tasks may fail before the circuit breaker trips."""
    return min(200, max(3, math.ceil(desired_count * 0.5)))


class Service:
    """A service; moto's tagging and Application Auto Scaling read its plain attributes."""

    def __init__(
        self,
        backend: Backend,
        cluster: Any,
        name: str,
        definition: TaskDefinition,
        settings: dict[str, Any],
        desired_count: int,
        launch_type: str | None,
        strategy: list[dict[str, Any]],
        tags: list[dict[str, str]],
    ) -> None:
        self.backend, self.cluster, self.name = backend, cluster, name
        self.arn = self.physical_resource_id = arn(backend, f"service/{cluster.name}/{name}")
        self.cluster_name, self.cluster_arn = cluster.name, cluster.arn
        self.settings = settings
        self.desired_count = desired_count
        self.launch_type = launch_type
        self.capacity_provider_strategy = strategy
        self.tags = tags
        self.status = "ACTIVE"
        self.created_at = time.time()
        self.events: deque[dict[str, Any]] = deque(maxlen=_MAXIMUM_EVENTS)
        self.deployments: list[Deployment] = []
        self.records: list[ServiceDeployment] = []
        self.revisions: list[Deployment] = []
        self.last_completed: Deployment | None = None
        self.steady = False
        self.task_sets: list[Any] = []
        self._clock = self.created_at
        self._registrations: dict[tuple[str, bool], int] = {}
        self._look_again = False
        self._launched = 0
        self.deploy(definition, self.created_at)

    @property
    def scheduling_strategy(self) -> str:
        return self.settings["schedulingStrategy"]

    @property
    def on_fargate(self) -> bool:
        providers = [item["capacityProvider"] for item in self.capacity_provider_strategy]
        return self.launch_type == "FARGATE" or any(provider in FARGATE_PROVIDERS for provider in providers)

    @property
    def primary(self) -> Deployment:
        return self.deployments[0]

    @property
    def tasks(self) -> list[Task]:
        everything: list[Any] = list(self.backend.tasks.get(self.cluster.name, {}).values())
        return [task for task in everything if task.service is self]

    @property
    def configuration(self) -> dict[str, Any]:
        return self.settings["deploymentConfiguration"]

    # --- what is done to it

    def deploy(self, definition: TaskDefinition, at: float) -> Deployment:
        """A new deployment becomes the primary one."""
        settings = {name: self.settings[name] for name in DEPLOYED if self.settings.get(name) is not None}
        self._clock = max(self._clock, at)
        sources = [item for item in self.deployments if item.live]
        for older in self.deployments:
            older.status = "ACTIVE"
            if older.record:
                older.record.end(at, "STOPPED", "Service deployment was stopped by a newer service deployment.")
        deployment = Deployment(self, definition, settings, at)
        deployment.record = ServiceDeployment(self, deployment, sources, at, self.configuration)
        self.deployments.insert(0, deployment)
        self.records.insert(0, deployment.record)
        self.revisions.append(deployment)
        self.steady = False
        return deployment

    def scale(self, desired_count: int) -> None:
        """Another number of tasks, which makes no deployment."""
        if desired_count != self.desired_count:
            self.desired_count = desired_count
            self.primary.updated_at = self._clock = time.time()
            self.steady = False

    def drain(self) -> None:
        """Deleted: its tasks go, then it is INACTIVE."""
        self.status, self.desired_count = "DRAINING", 0
        at = self._clock = time.time()
        live = [task for task in self.tasks if task.live]
        self._stop(live, at)
        self._report_registrations(at)

    def note_registration(self, target_group: str, registered: bool) -> None:
        key = (target_group, registered)
        self._registrations[key] = self._registrations.get(key, 0) + 1

    # --- what happens to it

    def advance(self, now: float | None = None) -> None:
        """Let everything happen that is due."""
        now = time.time() if now is None else now
        self._look_again = False
        for _unused in range(_MAXIMUM_STEPS):
            due = self._next_due(now)
            if due:
                self._clock = max(self._clock, due[0])
                self._change(due[1], self._clock, now)
            elif self.deployments and self._clock < self.primary.pause_until <= now:
                self._clock = self.primary.pause_until
            # whoever looks shall see that a deployment has failed before it is cleared away
            if self._look_again or not (self._schedule(self._clock, now) or due):
                break
        self._clock = max(self._clock, now)
        self._forget_old_tasks(now)

    def _next_due(self, now: float) -> tuple[float, Task] | None:
        """The first change of a task that is due by now."""
        changes = ((at, task) for task in self.tasks if (at := task.next_change()) is not None and at <= now)
        return min(changes, key=lambda change: change[0], default=None)

    def _change(self, task: Task, at: float, now: float) -> None:
        was_failed, was_settled = task.failed, task.settled
        task.change(at)
        deployment = task.deployment
        if task.failed and not was_failed:
            self.steady = False
            self._note_failure(task, at, now)
        elif task.settled and not was_settled and deployment.rollout_state == "IN_PROGRESS":
            # as the API says: with one running task the count starts anew and is not looked at any more
            deployment.proven, deployment.failed_tasks, deployment.failures = True, 0, 0
        self._report_registrations(at)

    def _note_failure(self, task: Task, at: float, now: float) -> None:
        self._report_trouble(task, at)
        deployment = task.deployment
        breaker = self.configuration["deploymentCircuitBreaker"]
        deployment.failures += 1
        guarded = breaker["enable"] and deployment.rollout_state == "IN_PROGRESS" and not deployment.proven
        if deployment.rollout_state == "IN_PROGRESS" and not deployment.proven:
            deployment.failed_tasks += 1
        deployment.updated_at = at
        if guarded and deployment is self.primary:
            if deployment.failed_tasks >= threshold(self.desired_count):
                self._give_up(deployment, at, "tasks failed to start", breaker["rollback"])
            return
        if deployment.failures == 3:
            self.event(
                at,
                "is unable to consistently start tasks successfully. For more information, see the Troubleshooting "
                "section of the Amazon ECS Developer Guide.",
            )
        seconds = STATE.seconds("ecs_task")
        pause = seconds * min(2 ** (deployment.failures - 1), 64)
        # without provisioning time the next try waits for the next look, or it would never end
        deployment.pause_until = at + pause if pause else math.nextafter(now, math.inf)

    def _give_up(self, deployment: Deployment, at: float, cause: str, rollback: bool) -> None:
        """The circuit breaker (or an alarm) ends the deployment; the last good one comes back, if wanted."""
        monitor = "alarms" if cause.startswith("alarm") else "circuit breaker"
        why = "an alarm was detected" if monitor == "alarms" else "the circuit breaker threshold was exceeded"
        deployment.rollout_state, deployment.updated_at = "FAILED", at
        deployment.rollout_reason = f"ECS deployment {monitor}: {cause}."
        self.event(at, f"(deployment {deployment.id}) deployment failed: {cause}.")
        self._look_again = True
        record = deployment.record
        if record:
            record.triggered = monitor != "alarms"
        good = self.last_completed
        if deployment.rolling_back:
            if record:
                record.end(at, "ROLLBACK_FAILED", f"Service deployment rollback failed because {why}.")
        elif not rollback:
            if record:
                record.end(at, "STOPPED", f"Service deployment stopped because {why}.")
        elif good is None or good is deployment:
            if record:
                record.end(
                    at,
                    "ROLLBACK_FAILED",
                    f"Service deployment rolled back because {why}. No rollback candidate was found.",
                )
        else:
            self._roll_back(deployment, good, at, monitor, why)

    def _roll_back(self, failed: Deployment, good: Deployment, at: float, monitor: str, why: str) -> None:
        """What was deployed last with success is deployed anew, as a deployment of its own."""
        self.event(at, f"rolling back to deployment {good.id}.")
        for name in DEPLOYED:
            self.settings.pop(name, None)
        self.settings |= good.settings
        for older in self.deployments:
            older.status = "ACTIVE"
        again = Deployment(self, good.definition, good.settings, at, rolling_back=True)
        again.rollout_reason = f"ECS deployment {monitor}: rolling back to deploymentId {good.id}."
        again.revision_arn = good.revision_arn
        self.deployments.insert(0, again)
        record = again.record = failed.record
        if record:
            record.status, record.updated_at = "ROLLBACK_IN_PROGRESS", at
            record.reason = f"Service deployment rolled back because {why}."
            record.rollback = {
                "reason": record.reason,
                "startedAt": moment(at),
                "serviceRevisionArn": good.revision_arn,
            }

    def _schedule(self, at: float, now: float) -> bool:
        """Start and stop tasks, end deployments; whether anything was done."""
        if self.status == "INACTIVE":
            return False
        if self.status == "DRAINING":
            if any(task.last_status != "STOPPED" for task in self.tasks):
                return False
            self.status, self.deployments = "INACTIVE", []
            return True
        if self._alarm_detected(at):
            return True
        primary = self.primary
        done = self._scale_in(primary, at)
        launched, missing = self._launch(primary, at, now)
        stopped = self._stop_older(primary, missing, at)
        self._report_registrations(at)
        done = done or launched > 0 or stopped > 0
        older = [item for item in self.deployments[1:] if item.tasks]
        if len(older) + 1 != len(self.deployments) and not self._look_again:
            self.deployments = [primary, *older]
            done = True
        if not done and missing and not primary.pending and at >= primary.pause_until:
            self._report_stuck(primary, at)
        return self._complete(primary, at) or done

    def _alarm_detected(self, at: float) -> bool:
        alarms = self.configuration.get("alarms") or {}
        primary = self.primary
        if not alarms.get("enable") or primary.rollout_state != "IN_PROGRESS" or primary.rolling_back:
            return False
        known = cloudwatch_backends[self.backend.account_id][self.backend.region_name].alarms
        raised = [name for name in alarms["alarmNames"] if name in known and known[name].state_value == "ALARM"]
        if raised and primary.record:
            primary.record.alarms = raised
            self._give_up(primary, at, "alarm detected", alarms["rollback"])
        return bool(raised)

    def _scale_in(self, primary: Deployment, at: float) -> bool:
        surplus = len(primary.live) - self.desired_count
        if surplus <= 0:
            return False
        # those that do not run yet go first, then the youngest
        order = sorted(primary.live, key=lambda task: (task.settled, -task.created_at))
        self._stop(order[:surplus], at)
        return True

    def _launch(self, primary: Deployment, at: float, now: float) -> tuple[int, int]:
        """Start what is missing, as far as the maximum percent has room: how many, and how many still miss."""
        missing = max(0, self.desired_count - len(primary.live))
        if not missing or primary.rollout_state == "FAILED":
            return 0, 0
        if primary.pause_until > at:
            return 0, missing
        if not self.on_fargate:
            self._report_no_instances(primary, at)
            return 0, 0
        role = launch.unassumable_role(self.backend, primary.definition, {})
        if role:
            self.event(at, f"failed to launch a task with (error {role}).")
            primary.failures += 1
            primary.failed_tasks += 1
            primary.pause_until = math.nextafter(now, math.inf)
            breaker = self.configuration["deploymentCircuitBreaker"]
            if breaker["enable"] and not primary.proven and primary.failed_tasks >= threshold(self.desired_count):
                self._give_up(primary, at, "tasks failed to start", breaker["rollback"])
                return 1, 0
            return 0, 0
        live = sum(len(item.live) for item in self.deployments)
        ceiling = math.floor(self.desired_count * self.configuration["maximumPercent"] / 100)
        count = max(0, min(missing, max(ceiling, 0 if self._older_live() else self.desired_count) - live))
        started = [self._start_task(primary, at) for _unused in range(count)]
        if started:
            primary.stuck = self.steady = False
            names = " ".join(f"(task {task.id})" for task in started)
            self.event(at, f"has started {len(started)} tasks: {names}.")
        return count, missing - count

    def _start_task(self, deployment: Deployment, at: float) -> Task:
        provider = None
        if self.capacity_provider_strategy:
            provider = pick_provider(
                self.capacity_provider_strategy, [task.capacity_provider for task in deployment.live]
            )
        self._launched += 1
        task = Task(
            backend=self.backend,
            cluster=self.cluster,
            definition=deployment.definition,
            network=deployment.settings["networkConfiguration"]["awsvpcConfiguration"],
            launch_type="FARGATE",
            group=f"service:{self.name}",
            started_by=deployment.id,
            created_at=at,
            capacity_provider=provider,
            tags=self._task_tags(deployment),
            platform_version=deployment.settings["platformVersion"],
            exec_enabled=self.settings["enableExecuteCommand"],
            load_balancers=deployment.settings.get("loadBalancers") or [],
            service=self,
            deployment=deployment,
            zone_number=self._launched,
        )
        self.backend.tasks.setdefault(self.cluster.name, {})[task.task_arn] = task  # type: ignore[assignment]
        return task

    def _task_tags(self, deployment: Deployment) -> list[dict[str, str]]:
        tags: dict[str, str] = {}
        source = self.settings["propagateTags"]
        if source != "NONE":
            propagated = self.tags if source == "SERVICE" else deployment.definition.tags
            tags |= {tag["key"]: tag.get("value", "") for tag in propagated}
        if self.settings["enableECSManagedTags"]:
            tags |= {"aws:ecs:clusterName": self.cluster.name, "aws:ecs:serviceName": self.name}
        return [{"key": key, "value": value} for key, value in tags.items()]

    def _older_live(self) -> list[Task]:
        return [task for item in self.deployments[1:] for task in item.live]

    def _stop_older(self, primary: Deployment, missing: int, at: float) -> int:
        """Stop tasks of older deployments: those replaced, and those in the way of new ones."""
        older = self._older_live()
        if not older or primary.rollout_state == "FAILED":
            return 0
        floor = math.ceil(self.desired_count * self.configuration["minimumHealthyPercent"] / 100)
        unhealthy = [task for task in older if not task.settled]
        healthy = [task for task in older if task.settled]
        spare = len(primary.healthy) + len(healthy) - floor
        replaced = len(healthy) - max(0, self.desired_count - len(primary.healthy))
        count = max(0, min(len(healthy), spare, max(replaced, missing)))
        leaving = unhealthy + healthy[:count]
        self._stop(leaving, at)
        return len(leaving)

    def _stop(self, tasks: list[Task], at: float) -> None:
        if not tasks:
            return
        self.steady = False
        draining = [task for task in tasks if task.load_balancers and task.last_status == "RUNNING"]
        for task in tasks:
            reason = f"Scaling activity initiated by (deployment {self.primary.id})"
            task.stop(at, reason, "ServiceSchedulerInitiated")
        names = " ".join(f"(task {task.id})" for task in tasks)
        if draining:
            self.event(at, f"has begun draining connections on {len(draining)} tasks.")
        self.event(at, f"has stopped {len(tasks)} running tasks: {names}.")

    def _complete(self, primary: Deployment, at: float) -> bool:
        """A primary deployment that has its tasks, and alone, is complete; the service is steady."""
        settled = len(primary.healthy) == len(primary.live) == self.desired_count
        if (
            not settled
            or any(item.tasks for item in self.deployments[1:])
            or any(not task.live for task in primary.tasks)
        ):
            return False
        done = False
        if primary.rollout_state == "IN_PROGRESS":
            primary.rollout_state, primary.updated_at = "COMPLETED", at
            primary.rollout_reason = f"ECS deployment {primary.id} completed."
            self.last_completed = primary
            self.event(at, f"(deployment {primary.id}) deployment completed.")
            if primary.record:
                primary.record.end(at, "ROLLBACK_SUCCESSFUL" if primary.rolling_back else "SUCCESSFUL")
            primary.rolling_back = False
            done = True
        if not self.steady:
            self.steady = done = True
            primary.failures = 0
            self.event(at, "has reached a steady state.")
        return done

    def _forget_old_tasks(self, now: float) -> None:
        """Stopped tasks can be described for an hour."""
        tasks = self.backend.tasks.get(self.cluster.name, {})
        for task in self.tasks:
            if task.stopped_at is not None and now - task.stopped_at > _STOPPED_TASKS_KEPT_FOR:
                tasks.pop(task.task_arn, None)

    # --- events

    def event(self, at: float, message: str) -> None:
        self.events.appendleft(
            {"id": str(uuid.uuid4()), "createdAt": moment(at), "message": f"(service {self.name}) {message}"}
        )

    def _report_registrations(self, at: float) -> None:
        for (group, registered), count in self._registrations.items():
            verb = "registered" if registered else "deregistered"
            self.event(at, f"{verb} {count} targets in (target-group {group})")
        self._registrations.clear()

    def _report_trouble(self, task: Task, at: float) -> None:
        reason = task.stopped_reason or ""
        if "ELB health checks" in reason:
            for balancer in task.load_balancers:
                self.event(
                    at,
                    f"(task {task.id}) (port {balancer['containerPort']}) is unhealthy in (target-group "
                    f"{balancer['targetGroupArn']}) due to (reason Health checks failed).",
                )
        elif "container health checks" in reason:
            self.event(at, f"(task {task.id}) failed container health checks.")
        elif task.stop_code == "TaskFailedToStart":
            self.event(at, f"was unable to place a task. Reason: {reason}.")
            return
        else:
            return
        self.event(at, f"has stopped 1 running tasks: (task {task.id}).")

    def _report_stuck(self, primary: Deployment, at: float) -> None:
        if not primary.stuck:
            primary.stuck = True
            self.event(
                at,
                "was unable to stop or start tasks during a deployment because of the service deployment "
                "configuration. Update the minimumHealthyPercent or maximumPercent value and try again.",
            )

    def _report_no_instances(self, primary: Deployment, at: float) -> None:
        if not primary.stuck:
            primary.stuck = True
            self.event(
                at,
                "was unable to place a task because no container instance met all of its requirements. Reason: No "
                "Container Instances were found in your cluster. For more information, see the Troubleshooting section "
                "of the Amazon ECS Developer Guide.",
            )

    # --- how it looks

    def describe(self, with_tags: bool) -> dict[str, Any]:
        active = self.status != "INACTIVE"
        ongoing = next((record.arn for record in self.records if record.ongoing), None)
        living = [task for task in self.tasks if task.last_status != "STOPPED"]
        definition = self.deployments[0].definition if self.deployments else self.revisions[-1].definition
        answer = {name: value for name, value in self.settings.items() if name != "taskDefinition"} | {
            "serviceArn": self.arn,
            "serviceName": self.name,
            "clusterArn": self.cluster.arn,
            "status": self.status,
            "desiredCount": self.desired_count,
            "runningCount": sum(task.last_status == "RUNNING" for task in living),
            "pendingCount": sum(task.last_status in ("PROVISIONING", "PENDING") for task in living),
            "launchType": self.launch_type,
            "capacityProviderStrategy": self.capacity_provider_strategy or None,
            "platformFamily": "Linux" if self.on_fargate else None,
            "taskDefinition": definition.arn,
            "deployments": [deployment.describe() for deployment in self.deployments],
            "events": list(self.events),
            "createdAt": moment(self.created_at),
            "createdBy": f"arn:aws:iam::{self.backend.account_id}:root",
            "currentServiceDeployment": ongoing,
            "currentServiceRevisions": [
                ServiceDeployment._revision(item)
                for item in self.deployments
                if active and (item.tasks or item is self.primary)
            ],
        }
        return answer | ({"tags": self.tags} if with_tags else {})
