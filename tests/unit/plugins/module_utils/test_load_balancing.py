from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.webstack.aws.plugins.filter.service_listeners import FilterModule as Listeners
from ansible_collections.webstack.aws.plugins.filter.service_target_groups import FilterModule as TargetGroups
from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._load_balancing import default_service

target_groups = TargetGroups().filters()["service_target_groups"]
listeners = Listeners().filters()["service_listeners"]

SERVICES = {
    "api": {"port": 8000, "rules": [{"paths": ["/api/*"]}, {"hosts": ["api.example.com"], "priority": 5}]},
    "web": {"port": 3000, "health_check": {"path": "/"}, "stickiness": None},
}
ARNS = {"api": "arn:api", "web": "arn:web"}


def test_every_service_has_its_target_group():
    assert target_groups(SERVICES, "staging-shop", "vpc-1") == [
        {"name": "staging-shop-api", "vpc_id": "vpc-1", "port": 8000},
        {"name": "staging-shop-web", "vpc_id": "vpc-1", "port": 3000, "health_check": {"path": "/"}},
    ]


def test_given_name_is_used_and_a_long_one_shortened():
    services = {"api": {"name": "shop-tg", "port": 1}, "a-very-long-name-of-a-service-indeed": {"port": 2}}
    names = [group["name"] for group in target_groups(services, "production-shop", "vpc-1")]
    assert names[0] == "shop-tg"
    assert len(names[1]) <= 32


def test_misspelt_setting_is_named():
    with pytest.raises(AnsibleFilterError, match=r"no setting helth_check.*health_check"):
        target_groups({"api": {"port": 1, "helth_check": {}}}, "x", "vpc-1")


def test_without_a_certificate_port_80_serves():
    (listener,) = listeners(SERVICES, ARNS, None)
    assert (listener["port"], listener["protocol"]) == (80, "HTTP")
    assert listener["default_action"] == {"type": "forward", "target_group_arn": "arn:web"}
    assert [rule["name"] for rule in listener["rules"]] == ["api", "api-2"]
    assert listener["rules"][1] == {
        "name": "api-2",
        "host_headers": ["api.example.com"],
        "priority": 5,
        "action": {"type": "forward", "target_group_arn": "arn:api"},
    }


def test_with_a_certificate_port_443_serves_first_and_80_redirects():
    https, http = listeners(SERVICES, ARNS, "arn:certificate", "policy")
    assert (https["port"], https["certificate_arn"], https["ssl_policy"]) == (443, "arn:certificate", "policy")
    assert len(https["rules"]) == 2
    assert http["default_action"]["redirect"] == {"protocol": "HTTPS", "port": "443"}
    assert http["rules"] == []


def test_without_a_default_service_the_rest_is_not_found():
    (listener,) = listeners({"api": {"port": 1, "rules": [{"paths": ["/"]}]}}, ARNS, None)
    assert listener["default_action"]["fixed_response"]["status_code"] == "404"


def test_chosen_default_may_have_rules_too():
    assert (
        default_service({"api": {"default": True, "rules": [{"paths": ["/"]}]}, "b": {"rules": [{"paths": ["/b"]}]}})
        == "api"
    )


def test_two_services_for_the_rest_are_refused():
    with pytest.raises(AnsibleFilterError, match="api, web would all get"):
        listeners({"api": {}, "web": {}}, ARNS, None)


def test_service_that_no_request_reaches_is_refused():
    with pytest.raises(WebstackError, match="reach web"):
        default_service({"api": {"default": True}, "web": {}})


def test_target_groups_that_others_replace_go_on_serving():
    [listener] = listeners(SERVICES, ARNS, None, superseded={"api": ["arn:old"]})
    assert listener["rules"][0]["action"]["instead_of"] == ["arn:old"]
    assert "instead_of" not in listener["default_action"]
