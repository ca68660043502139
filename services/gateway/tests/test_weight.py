"""What pages weigh as they are sent (bytes, not times): `make weight` shows the same as a table."""

from __future__ import annotations

import json

from tests.bench.weight import weights, write


async def test_a_page_is_light_on_the_first_visit_and_after(gateway, tmp_path):
    found = await weights(gateway)
    assert [one for one in found if not one.light] == []
    assert all(0 < one.after < one.first for one in found)
    write(found, tmp_path / "weight.json")
    assert len(json.loads((tmp_path / "weight.json").read_text())["pages"]) == len(found)
