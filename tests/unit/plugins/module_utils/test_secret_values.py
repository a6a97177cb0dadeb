"""Values inside secrets: read, generated, rendered, and never shown."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._secret_values import (
    generate,
    merge_values,
    names_in,
    read_value,
    read_values,
    render,
)


def aws(text=None):
    written = []
    return SimpleNamespace(
        read=lambda *_args, **_kwargs: text,
        write=lambda service, operation, **arguments: written.append((operation, arguments)),
        written=written,
    )


def test_generated_values_have_all_kinds_of_characters_and_no_special_ones():
    for _try in range(50):
        value = generate(16)
        assert len(value) == 16
        assert value.isascii()
        assert value.isalnum()
        assert any(map(str.isupper, value))
        assert any(map(str.islower, value))
        assert any(map(str.isdigit, value))
    assert generate() != generate()


def test_rendering_fills_places_and_leaves_other_braces():
    template = '{"a": "{user}", "b": {}, "c": "{pass-word:url}"}'
    assert names_in(template) == ["user", "pass-word"]
    assert render(template, {"user": "u", "pass-word": "a/b@c:d%"}) == '{"a": "u", "b": {}, "c": "a%2Fb%40c%3Ad%25"}'


def test_a_placeholder_is_not_asked_for():
    asked = SimpleNamespace(read=lambda *_args, **_kwargs: pytest.fail("asked AWS"))
    assert read_values(asked, "arn:aws:secretsmanager:us-east-1:000000000000:secret:shop-000000") is None


def test_one_value_is_read():
    assert read_value(aws('{"port": 5432}'), {"secret_id": "shop", "key": "port"}) == "5432"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "does not exist"),
        ('{"user": "x"}', "no key port"),
        ("{}", "its keys are none"),
        ("[1]", "no JSON object"),
    ],
)
def test_a_value_that_is_not_there_is_named(text, words):
    with pytest.raises(WebstackError, match=words):
        read_value(aws(text), {"secret_id": "shop", "key": "port"})


def test_merging_leaves_the_other_keys():
    fake = aws('{"a": "1", "b": "2"}')
    merge_values(fake, "shop", {"b": "3", "c": "4"})
    operation, arguments = fake.written[0]
    assert operation == "put_secret_value"
    assert json.loads(arguments["SecretString"]) == {"a": "1", "b": "3", "c": "4"}
