"""What the online form says before and after it is sent while the front door is closed (IN-13; S2)."""

from __future__ import annotations

from datetime import datetime

from icart_common.policy.pack import PolicyPack
from icart_common.policy.templates import Rendering, render
from icart_common.policy.views import OutOfHoursView
from icart_common.worktime import LONDON
from icart_common.worktime.hours import WEEKDAYS


def form_notice(pack: PolicyPack, at: datetime) -> Rendering | None:
    """Nobody reads the form until the team opens, and whom to call instead; None while it is open. `at` is an aware instant."""
    calendar = pack.calendar()
    if calendar.is_working(at):
        return None
    opens = calendar.next_opening(at).astimezone(LONDON)
    points = pack.contact_points
    view = OutOfHoursView(
        front_door=pack.authority.front_door,
        front_door_phone=points.front_door.phone or "",
        public_hours=pack.public_hours.in_words(),
        night_team_phone=points.night_team.phone or "",
        opens=f"on {WEEKDAYS[opens.weekday()].title()} {opens:%d/%m/%Y} at {opens:%H:%M}",
        police_phone=points.police.phone or "",
        emergency_phone=points.emergency.phone or "",
    )
    return render(pack.template("out-of-hours-notice"), view)
