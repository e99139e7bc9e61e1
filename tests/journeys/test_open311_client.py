"""A client of Open311 that is not ours reads from the running demo, in both forms."""

from typing import Any

import pytest
from georeport import GeoReport


@pytest.mark.parametrize("form", ["json", "xml"])
@pytest.mark.parametrize("joint", ["", "/"])
def test_client_when_pointed_at_the_demo_then_reads_services_definitions_and_requests(
    demo: str, form: str, joint: str
) -> None:
    client = GeoReport(f"{demo}/open311/v2{joint}", output_format=form)

    services = client.get_service_list()
    asking = [row for row in services if row["metadata"] in {True, "true"}]
    definition = client.get_service_definition(asking[0]["service_code"])
    rows = client.get_service_requests()
    # One that is open: an answer without any request is nothing that this client can read in XML.
    first = next(row for row in rows if row["status"] == "open")
    one = _only(client.get_service_request(first["service_request_id"]))
    open_ones = client.get_service_requests(status="open", service_code=first["service_code"])

    assert len(services) > 100
    assert definition["service_code"] == asking[0]["service_code"]
    assert one == first
    assert {row["status"] for row in rows} == {"open", "closed"}
    assert {(row["status"], row["service_code"]) for row in open_ones} <= {("open", first["service_code"])}


def _only(answer: Any) -> Any:
    return answer[0] if isinstance(answer, list) else answer
