#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ecs_task_definition
version_added: 0.1.0
short_description: Manage a family of ECS task definitions for Fargate
description:
  - Compares what is wanted with the family's latest active revision, and registers a new revision only when something
    differs. Changed tags alone are set on the revision that there is.
  - Of the options of the task itself, those not given stay as they are. O(containers) and O(volumes), where given, are
    the whole truth; what a container does not say has AWS's default.
  - Old revisions are kept. O(state=absent) deregisters all of them; tasks that run stay running.
options:
  family:
    description: The family's name.
    type: str
    required: true
  cpu:
    description:
      - CPU units of the task; 1024 are one vCPU. Fargate has certain sizes only. Needed for a new family.
    type: int
  memory:
    description:
      - Memory of the task in MiB. Needed for a new family.
    type: int
  execution_role_arn:
    description: The role with which ECS pulls images, reads secrets and writes logs.
    type: str
  task_role_arn:
    description: The role of the application.
    type: str
  cpu_architecture:
    description: The CPU architecture. A new family has C(X86_64) without this option.
    type: str
    choices: [X86_64, ARM64]
  ephemeral_storage:
    description: Disk of the task in GiB, 20 to 200. A new family has 20 without this option.
    type: int
  containers:
    description:
      - The containers. Their order means nothing. Needed for a new family.
    type: list
    elements: dict
    suboptions:
      name:
        description: The container's name.
        type: str
        required: true
      image:
        description: The image.
        type: str
        required: true
      essential:
        description: Whether the whole task ends with this container.
        type: bool
      command:
        description: The command.
        type: list
        elements: str
      entry_point:
        description: The entry point.
        type: list
        elements: str
      environment:
        description:
          - Environment variables. A boolean becomes C(true) or C(false), a list or mapping becomes JSON.
        type: dict
      environment_files:
        description: ARNs of environment files in S3.
        type: list
        elements: str
      secrets:
        description:
          - Environment variables whose values ECS takes from Secrets Manager or Parameter Store when the task starts,
            each with the ARN; C(<secret arn>:<key>::) takes one key of a JSON secret.
        type: dict
      port_mappings:
        description: The ports on which it listens.
        type: list
        elements: dict
        suboptions:
          container_port:
            description: The port.
            type: int
            required: true
          protocol:
            description: The protocol.
            type: str
            choices: [tcp, udp]
          name:
            description: A name for the port, as Service Connect wants it.
            type: str
          app_protocol:
            description: What is spoken on it.
            type: str
            choices: [http, http2, grpc]
      cpu:
        description: The container's share of the task's CPU units.
        type: int
      memory:
        description: The container's hard limit in MiB.
        type: int
      memory_reservation:
        description: The container's soft limit in MiB.
        type: int
      health_check:
        description: How the container's health is checked.
        type: dict
        suboptions:
          command:
            description: The command, beginning with C(CMD) or C(CMD-SHELL).
            type: list
            elements: str
            required: true
          interval:
            description: Seconds between two checks; AWS's default is 30.
            type: int
          timeout:
            description: Seconds until a check counts as failed; AWS's default is 5.
            type: int
          retries:
            description: How many checks in a row have to fail; AWS's default is 3.
            type: int
          start_period:
            description: For how many seconds failures do not count after the start; AWS's default is 0.
            type: int
      log_configuration:
        description: Where its log goes.
        type: dict
        suboptions:
          log_driver:
            description: The log driver.
            type: str
            choices: [awslogs, awsfirelens, splunk]
            required: true
          options:
            description: The driver's options.
            type: dict
          secret_options:
            description: Options of the driver whose values come from Secrets Manager or Parameter Store, by ARN.
            type: dict
      depends_on:
        description: Which containers have to be where before this one starts.
        type: list
        elements: dict
        suboptions:
          container_name:
            description: The other container.
            type: str
            required: true
          condition:
            description: What it has to be.
            type: str
            choices: [START, COMPLETE, SUCCESS, HEALTHY]
            required: true
      mount_points:
        description: Where the task's volumes are seen.
        type: list
        elements: dict
        suboptions:
          source_volume:
            description: The volume.
            type: str
            required: true
          container_path:
            description: The path.
            type: str
            required: true
          read_only:
            description: Whether it can only be read.
            type: bool
      volumes_from:
        description: Containers whose mounts this one has too.
        type: list
        elements: dict
        suboptions:
          source_container:
            description: The other container.
            type: str
            required: true
          read_only:
            description: Whether they can only be read.
            type: bool
      linux_parameters:
        description: Settings of the kernel.
        type: dict
        suboptions:
          init_process_enabled:
            description: Whether an init process passes on signals and reaps children, which ECS Exec wants.
            type: bool
          capabilities:
            description: Capabilities of the kernel.
            type: dict
            suboptions:
              add:
                description: To add; Fargate knows C(SYS_PTRACE).
                type: list
                elements: str
              drop:
                description: To drop.
                type: list
                elements: str
      restart_policy:
        description: Whether the container is restarted when it ends, without the task being replaced.
        type: dict
        suboptions:
          enabled:
            description: Whether it is.
            type: bool
            required: true
          ignored_exit_codes:
            description: With which exit codes it is not.
            type: list
            elements: int
          restart_attempt_period:
            description: How many seconds it has to run before it can be restarted; AWS's default is 300.
            type: int
      ulimits:
        description: Limits of the operating system.
        type: list
        elements: dict
        suboptions:
          name:
            description: Which one, for instance C(nofile).
            type: str
            required: true
          soft_limit:
            description: The soft limit.
            type: int
            required: true
          hard_limit:
            description: The hard limit.
            type: int
            required: true
      system_controls:
        description: Parameters of the kernel.
        type: list
        elements: dict
        suboptions:
          namespace:
            description: Which one, for instance C(net.ipv4.tcp_keepalive_time).
            type: str
            required: true
          value:
            description: Its value.
            type: str
            required: true
      docker_labels:
        description: Labels of the container.
        type: dict
      repository_credentials:
        description: The ARN of the secret with the credentials of a private registry.
        type: str
      firelens_configuration:
        description: Makes the container the log router of the others.
        type: dict
        suboptions:
          type:
            description: The router.
            type: str
            choices: [fluentbit, fluentd]
            required: true
          options:
            description: Its options.
            type: dict
      readonly_root_filesystem:
        description: Whether the container cannot write to its own file system.
        type: bool
      user:
        description: The user that runs it.
        type: str
      working_directory:
        description: The directory in which it starts.
        type: str
      start_timeout:
        description: For how many seconds others wait for it, 2 to 120.
        type: int
      stop_timeout:
        description: How many seconds it has to end, 2 to 120.
        type: int
      interactive:
        description: Whether its standard input stays open.
        type: bool
      pseudo_terminal:
        description: Whether it has a terminal.
        type: bool
      version_consistency:
        description: Whether all tasks of a deployment run the digest to which the image's tag pointed at first.
        type: str
        choices: [enabled, disabled]
  volumes:
    description:
      - The task's volumes. One with nothing but a name is an empty directory that the containers share.
    type: list
    elements: dict
    suboptions:
      name:
        description: The volume's name.
        type: str
        required: true
      efs_volume_configuration:
        description: An EFS file system.
        type: dict
        suboptions:
          file_system_id:
            description: The file system.
            type: str
            required: true
          root_directory:
            description: Which directory of it; not with an access point.
            type: str
          transit_encryption:
            description: Whether it is encrypted on the way; AWS's default is C(DISABLED).
            type: str
            choices: [ENABLED, DISABLED]
          transit_encryption_port:
            description: The port of the encryption.
            type: int
          authorization_config:
            description: How the task identifies itself.
            type: dict
            suboptions:
              access_point_id:
                description: The access point.
                type: str
              iam:
                description: Whether with its task role.
                type: str
                choices: [ENABLED, DISABLED]
  image_owner:
    description:
      - Who says which images run. With C(ci), O(containers[].image) is used for containers that are new only; the
        others keep the live image, and a revision that was registered by somebody else with other images is left alone.
    type: str
    choices: [variables, ci]
    default: variables
  service:
    description:
      - With O(image_owner=ci), the service that runs the family, as C(cluster/service). What it runs is what is live,
        not the family's latest revision, which CI may have registered and not released.
    type: str
extends_documentation_fragment:
  - webstack.aws.resource
  - webstack.aws.resource.tags
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Register what the API runs
  webstack.aws.ecs_task_definition:
    family: staging-shop-api
    cpu: 512
    memory: 1024
    execution_role_arn: arn:aws:iam::123456789012:role/staging-shop-execution
    containers:
      - name: api
        image: 123456789012.dkr.ecr.us-east-1.amazonaws.com/shop:1.4.2
        port_mappings:
          - container_port: 8080
        environment:
          LOG_LEVEL: info
        secrets:
          DATABASE_URL: "arn:aws:secretsmanager:us-east-1:123456789012:secret:staging-shop-AbCdEf:database_url::"
        log_configuration:
          log_driver: awslogs
          options:
            awslogs-group: /ecs/staging/shop/api
            awslogs-region: us-east-1
            awslogs-stream-prefix: ecs
    tags:
      webstack:stack: shop
      webstack:environment: staging

- name: Give it more CPU, and keep the image that CI has released
  webstack.aws.ecs_task_definition:
    family: staging-shop-api
    image_owner: ci
    service: staging-shop/staging-shop-api
    cpu: 1024
    memory: 2048

- name: Deregister all revisions
  webstack.aws.ecs_task_definition:
    family: staging-shop-api
    state: absent
"""

RETURN = r"""
ecs_task_definition:
  description: The revision that fits, as ECS describes it; empty when the family does not exist.
  returned: success
  type: dict
  contains:
    task_definition_arn:
      description: The revision's ARN.
      type: str
      sample: arn:aws:ecs:us-east-1:123456789012:task-definition/staging-shop-api:7
    family:
      description: The family.
      type: str
      sample: staging-shop-api
    revision:
      description: The revision's number.
      type: int
      sample: 7
    container_definitions:
      description: The containers.
      type: list
      elements: dict
      sample: [{"name": "api", "essential": true}]
    tags:
      description: Its tags.
      type: dict
      sample: {"webstack:stack": "shop"}
"""

from ansible_collections.webstack.aws.plugins.module_utils._ecs_task_definition import EcsTaskDefinition
from ansible_collections.webstack.aws.plugins.module_utils._module import resource_arguments, run_one


def _list_of(**options):
    return {"type": "list", "elements": "dict", "options": options}


def _dict_of(**options):
    return {"type": "dict", "options": options}


TEXT = {"type": "str"}
NEEDED = {"type": "str", "required": True}
NUMBER = {"type": "int"}
NEEDED_NUMBER = {"type": "int", "required": True}
SWITCH = {"type": "bool"}
TEXTS = {"type": "list", "elements": "str"}
MAPPING = {"type": "dict"}
ENABLED = {"type": "str", "choices": ["ENABLED", "DISABLED"]}

CONTAINER = {
    "name": NEEDED,
    "image": NEEDED,
    "essential": SWITCH,
    "command": TEXTS,
    "entry_point": TEXTS,
    "environment": MAPPING,
    "environment_files": TEXTS,
    # Where the values are, not the values.
    "secrets": {"type": "dict", "no_log": False},
    "port_mappings": _list_of(
        container_port=NEEDED_NUMBER,
        protocol={"type": "str", "choices": ["tcp", "udp"]},
        name=TEXT,
        app_protocol={"type": "str", "choices": ["http", "http2", "grpc"]},
    ),
    "cpu": NUMBER,
    "memory": NUMBER,
    "memory_reservation": NUMBER,
    "health_check": _dict_of(
        command={**TEXTS, "required": True}, interval=NUMBER, timeout=NUMBER, retries=NUMBER, start_period=NUMBER
    ),
    "log_configuration": _dict_of(
        log_driver={"type": "str", "choices": ["awslogs", "awsfirelens", "splunk"], "required": True},
        options=MAPPING,
        secret_options={"type": "dict", "no_log": False},
    ),
    "depends_on": _list_of(
        container_name=NEEDED,
        condition={"type": "str", "choices": ["START", "COMPLETE", "SUCCESS", "HEALTHY"], "required": True},
    ),
    "mount_points": _list_of(source_volume=NEEDED, container_path=NEEDED, read_only=SWITCH),
    "volumes_from": _list_of(source_container=NEEDED, read_only=SWITCH),
    "linux_parameters": _dict_of(init_process_enabled=SWITCH, capabilities=_dict_of(add=TEXTS, drop=TEXTS)),
    "restart_policy": _dict_of(
        enabled={"type": "bool", "required": True},
        ignored_exit_codes={"type": "list", "elements": "int"},
        restart_attempt_period=NUMBER,
    ),
    "ulimits": _list_of(name=NEEDED, soft_limit=NEEDED_NUMBER, hard_limit=NEEDED_NUMBER),
    "system_controls": _list_of(namespace=NEEDED, value=NEEDED),
    "docker_labels": MAPPING,
    "repository_credentials": {"type": "str", "no_log": False},
    "firelens_configuration": _dict_of(
        type={"type": "str", "choices": ["fluentbit", "fluentd"], "required": True}, options=MAPPING
    ),
    "readonly_root_filesystem": SWITCH,
    "user": TEXT,
    "working_directory": TEXT,
    "start_timeout": NUMBER,
    "stop_timeout": NUMBER,
    "interactive": SWITCH,
    "pseudo_terminal": SWITCH,
    "version_consistency": {"type": "str", "choices": ["enabled", "disabled"]},
}

VOLUME = {
    "name": NEEDED,
    "efs_volume_configuration": _dict_of(
        file_system_id=NEEDED,
        root_directory=TEXT,
        transit_encryption=ENABLED,
        transit_encryption_port=NUMBER,
        authorization_config=_dict_of(access_point_id=TEXT, iam=ENABLED),
    ),
}


def main():
    run_one(
        EcsTaskDefinition,
        resource_arguments(
            family=NEEDED,
            cpu=NUMBER,
            memory=NUMBER,
            execution_role_arn=TEXT,
            task_role_arn=TEXT,
            cpu_architecture={"type": "str", "choices": ["X86_64", "ARM64"]},
            ephemeral_storage=NUMBER,
            containers=_list_of(**CONTAINER),
            volumes=_list_of(**VOLUME),
            image_owner={"type": "str", "choices": ["variables", "ci"], "default": "variables"},
            service=TEXT,
        ),
        name="family",
    )


if __name__ == "__main__":
    main()
