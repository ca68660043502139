"""How large the pack of a meeting gets: it has to fit into a message on the fullest morning (SC-15)."""

from icart_common.contracts.meetings import EnquiryListed, MeetingPrepared
from icart_common.contracts.screening import RecordSection
from services.screening.tests.front_door import FrontDoor, of, of_type
from services.screening.tests.test_daily_meeting import MANAGER, enquiry, prepared


@of("SC-15", authorities=("york",))
def test_a_pack_fits_into_a_message_however_much_is_written(door: FrontDoor) -> None:
    """Eighty enquiries with all their sections would not: it names them, and a section of many pages is cut where it is shown."""
    contact = enquiry(door)
    text = "She said so. " * 1500
    door.done(contact, RecordSection, MANAGER, "w1", section="personal-information", text=text)
    prepared(door)
    (pack,) = of_type(door.told, MeetingPrepared)
    shown = of_type(door.told, EnquiryListed)[-1].presented.found["personal-information"]
    assert len(shown) < 3100
    assert shown.endswith("(the contact's record has the rest)")
    assert door.contacts[contact].sections["personal-information"] == text.strip()
    assert len(pack.model_dump_json()) < 700
