"""`alikey-hook events`: what was done with a key, from every region's pages."""

import json
from typing import Any

import pytest

from alikey_hook.response.cloud.trail import REGIONS
from tests.cloud.calling import ADMIN, ADMIN_ID, ADMIN_SECRET, ID, SHOWN, call
from tests.cloud.server import REQUEST_ID, Asked, Reply, error, good, running
from tests.repository import Repo

pytestmark = pytest.mark.once

KNOWN = {ADMIN_ID: ADMIN_SECRET}
COMMON = ("events", ID, "--as", "env", "--regions", "cn-hangzhou")


def event(name: str, time: str, **more: Any) -> dict[str, Any]:
    """An event as ActionTrail keeps it, with much that is not shown."""
    fields = {
        "eventName": name, "eventTime": time, "serviceName": "Ram", "sourceIpAddress": "203.0.113.9",
        "acsRegion": "cn-hangzhou",
        "eventId": f"id-{name}-{time}", "requestId": REQUEST_ID, "userIdentity": {"userName": "ci-bot", "accessKeyId": ID},
        "requestParameters": {"AccessKeyId": ID}, "additionalEventData": {"x": 1},
    }  # fmt: skip
    return fields | more


EVENTS = [
    event("DescribeInstances", "2026-11-03T00:00:00Z"),
    event("CreateAccessKey", "2026-11-01T00:00:00Z"),
    event("RunInstances", "2026-11-02T00:00:00Z", errorCode="Forbidden.RAM"),
]


def test_events_are_shown_with_the_important_ones_first(repo: Repo) -> None:
    with running(KNOWN, lambda _: good(Events=EVENTS)) as server:
        done = call(repo, *COMMON, "--endpoint", server.endpoint, env=ADMIN)
    assert done.returncode == 1
    first, *rows = done.stdout.splitlines()
    assert first.startswith(f"{SHOWN}: 3 events, 2 succeeded, ")
    assert rows[0] == "  !! ok      2026-11-01T00:00:00Z  cn-hangzhou  Ram CreateAccessKey    203.0.113.9"
    assert rows[1] == "  !! failed  2026-11-02T00:00:00Z  cn-hangzhou  Ram RunInstances       203.0.113.9  Forbidden.RAM"
    assert rows[2] == "     ok      2026-11-03T00:00:00Z  cn-hangzhou  Ram DescribeInstances  203.0.113.9"
    assert rows[3] == "regions asked: cn-hangzhou"
    assert rows[4].startswith("regions not asked: cn-shanghai, ")
    (one,) = server.asked
    assert (one.action, one.parameters["LookupAttribute.1.Key"], one.parameters["MaxResults"]) == (
        "LookupEvents", "EventAccessKeyId", "50",
    )  # fmt: skip
    assert one.parameters["LookupAttribute.1.Value"] == ID


def test_all_pages_are_read_and_a_limit_is_told(repo: Repo) -> None:
    def answer(one: Asked) -> Reply:
        page = int(one.parameters.get("NextToken", "0"))
        events = [event("GetUser", f"2026-11-01T00:{page:02}:{second:02}Z") for second in range(50)]
        return good(Events=events, **({"NextToken": str(page + 1)} if page < 3 else {}))

    with running(KNOWN, answer) as server:
        every = call(repo, *COMMON, "--format", "json", "--endpoint", server.endpoint, env=ADMIN)
        some = call(repo, *COMMON, "--format", "json", "--limit", "60", "--endpoint", server.endpoint, env=ADMIN)
    assert (len(json.loads(every.stdout)["events"]), json.loads(every.stdout)["more"]) == (200, [])
    assert (len(json.loads(some.stdout)["events"]), json.loads(some.stdout)["more"]) == (60, ["cn-hangzhou"])
    assert len(server.asked) == 4 + 2
    assert set(server.actions) == {"LookupEvents"}


def test_a_page_that_names_itself_as_the_next_ends(repo: Repo) -> None:
    with running(KNOWN, lambda _: good(Events=EVENTS, NextToken="same")) as server:
        done = call(repo, *COMMON, "--endpoint", server.endpoint, env=ADMIN)
    assert (done.returncode, len(server.asked)) == (1, 2)


def test_an_event_that_two_regions_know_is_one(repo: Repo) -> None:
    with running(KNOWN, lambda _: good(Events=EVENTS)) as server:
        done = call(repo, "events", ID, "--as", "env", "--format", "json", "--endpoint", server.endpoint, env=ADMIN)
    report = json.loads(done.stdout)
    assert (len(report["events"]), report["asked"], len(server.asked)) == (3, ["cn-hangzhou", "ap-southeast-1"], 2)
    assert [one["succeeded"] for one in report["events"]] == [True, False, True]
    assert "cn-shanghai" in report["not_asked"]


def test_all_regions_are_asked_and_what_none_of_them_tells_in_full_is_named(repo: Repo) -> None:
    with running(KNOWN, lambda _: good(Events=EVENTS, NextToken="more")) as server:
        arguments = ("events", ID, "--as", "env", "--regions", "all", "--limit", "3")
        done = call(repo, *arguments, "--endpoint", server.endpoint, env=ADMIN)
    assert len(server.asked) == len(REGIONS)
    assert f"regions asked: {', '.join(REGIONS)}" in done.stdout
    assert f"more events than were read: {', '.join(REGIONS)} (--limit, or fewer --days)" in done.stdout
    assert "regions not asked: none" in done.stdout


def test_a_region_that_does_not_answer_is_named(repo: Repo) -> None:
    with running(KNOWN, lambda _: error(403, "NoPermission")) as server:
        done = call(repo, *COMMON, "--endpoint", server.endpoint, env=ADMIN)
    assert done.returncode == 2
    assert f"could not be asked: cn-hangzhou: NoPermission (RequestId {REQUEST_ID})" in done.stdout


@pytest.mark.parametrize(("events", "code"), [([], 0), ([1, None], 0), (None, 2), ("x", 2), ({"a": 1}, 2)], ids=str)
def test_no_events_are_0_and_no_list_of_events_is_2(repo: Repo, events: object, code: int) -> None:
    with running(KNOWN, lambda _: good(Events=events)) as server:
        done = call(repo, *COMMON, "--endpoint", server.endpoint, env=ADMIN)
    assert done.returncode == code
    assert f"{SHOWN}: 0 events, 0 succeeded" in done.stdout


def test_what_an_event_says_cannot_act_on_the_terminal(repo: Repo) -> None:
    odd = event("Get\x1b[2JUser", "2026\n", sourceIpAddress=["x"], userIdentity="me", serviceName=ID, errorCode="\u202eevil")
    with running(KNOWN, lambda _: good(Events=[odd])) as server:
        done = call(repo, *COMMON, "--endpoint", server.endpoint, env=ADMIN)
    assert done.returncode == 1
    assert not any(character in done.stdout for character in "\x1b\u202e")


@pytest.mark.parametrize("more", [("--regions", "x;y"), ("--days", "91"), ("--days", "0"), ("--limit", "-1")], ids=str)
def test_wrong_usage_asks_nothing(repo: Repo, more: tuple[str, str]) -> None:
    with running(KNOWN, lambda _: good()) as server:
        done = call(repo, "events", ID, "--as", "env", *more, "--endpoint", server.endpoint, env=ADMIN)
    assert (done.returncode, server.asked) == (2, [])
