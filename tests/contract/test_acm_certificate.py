"""A certificate whose validation records AWS makes known only some time after the request."""

from __future__ import annotations

from typing import Any

from tests.contract.harness import run_module


def test_a_request_waits_for_its_validation_records(emulator: Any) -> None:
    emulator.control("PUT", "provisioning", {"acm_certificate": 3})
    options = {"domain_name": "example.com", "subject_alternative_names": ["www.example.com"]}
    made = run_module(emulator.url, "webstack.aws.acm_certificate", options)["acm_certificate"]
    assert made["status"] == "PENDING_VALIDATION"
    assert len(made["validation_records"]) == 2
