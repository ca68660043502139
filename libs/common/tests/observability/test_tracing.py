"""A trace goes through Kafka's headers: a batch's span links to the span of each of its messages."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from icart_common.observability import tracing

PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@dataclass
class Came:
    traceparent: str | None


@pytest.fixture
def spans(monkeypatch):
    kept = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    monkeypatch.setattr(tracing, "_tracer", provider.get_tracer("test"))
    return kept


def test_a_batch_links_to_every_message_that_has_a_trace(spans):
    with tracing.batch_span("referrals", [Came(PARENT), Came(None), Came("nonsense")]):
        pass
    (span,) = spans.get_finished_spans()
    assert [format(link.context.trace_id, "032x") for link in span.links] == ["4bf92f3577b34da6a3ce929d0e0e4736"]
    assert span.attributes == {"messaging.batch.message_count": 3}


@pytest.mark.parametrize(
    "header", ["", "00", "00-xyz-1-01", "ff-" + PARENT[3:], "00-" + "0" * 32 + "-" + "0" * 16 + "-01"]
)
def test_a_malformed_header_is_no_trace_and_no_error(header):
    assert tracing.context_of(header) is None


def test_what_is_said_without_a_trace_of_its_own_belongs_to_the_batch(spans):
    with tracing.batch_span("referrals", []):
        header = tracing.traceparent_now()
    (span,) = spans.get_finished_spans()
    assert header is not None
    context = tracing.context_of(header)
    assert context is not None
    assert (context.trace_id, context.span_id) == (span.context.trace_id, span.context.span_id)
    assert tracing.traceparent_now() is None
