"""The smallest service there can be: it writes down what it heard, in which order, and says one thing for each.

The batch machinery is tested, and the bare path measured, with this and nothing of the front door.
"""

from icart_common.testing.probe.handler import ProbeHandler, heard
from icart_common.testing.probe.messages import HEARD_ON, NOON, TOPICS, clock_named, meet

__all__ = ["HEARD_ON", "NOON", "TOPICS", "ProbeHandler", "clock_named", "heard", "meet"]
