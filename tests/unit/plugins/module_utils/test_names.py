from __future__ import annotations

import pytest

from ansible_collections.webstack.aws.plugins.module_utils._names import NAME_RULES, derived_name, name_fault, shorten


def test_a_name_that_fits_stays():
    assert shorten("staging-shop-alb", 32) == "staging-shop-alb"


def test_a_long_name_is_cut_and_stays_distinct():
    long = "production-a-shop-with-a-long-name-alb"
    short = shorten(long, 32)
    assert len(short) <= 32
    assert short == shorten(long, 32)
    assert short != shorten(long + "x", 32)
    assert long.startswith(short.rsplit("-", 1)[0])


@pytest.mark.parametrize("kind", NAME_RULES)
def test_a_shortened_name_is_a_valid_one(kind):
    assert name_fault(derived_name("production-" + "a-very-long-name-" * 40 + "x", kind), kind) == ""


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("a" * 33, "load_balancer", "33 characters"),
        ("internal-shop", "load_balancer", "no valid name"),
        ("shop_alb", "load_balancer", "no valid name"),
        ("shop--db", "rds_instance", "no valid name"),
        ("1shop", "rds_instance", "no valid name"),
        ("shop-", "elasticache_replication_group", "no valid name"),
        ("Shop", "s3_bucket", "no valid name"),
        ("ab", "s3_bucket", "no valid name"),
        ("10.0.0.1", "s3_bucket", "no valid name"),
        ("Shop/api", "ecr_repository", "no valid name"),
        ("sg-shop", "security_group", "no valid name"),
    ],
)
def test_a_bad_name_is_refused_in_words(name, kind, words):
    assert words in name_fault(name, kind)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("staging-shop-alb", "load_balancer"),
        ("staging-shop-db", "rds_instance"),
        ("staging/shop/api", "ecr_repository"),
        ("staging-shop-media-123456789012", "s3_bucket"),
    ],
)
def test_a_good_name_is_taken(name, kind):
    assert name_fault(name, kind) == ""
