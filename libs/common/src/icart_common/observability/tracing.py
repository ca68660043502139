"""Traces through Kafka's headers: each message carries its own `traceparent`; a batch's span links to all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from opentelemetry import trace
from opentelemetry.trace import Link, SpanContext, TraceFlags

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SpanExporter

_tracer = trace.get_tracer("icart")
MOST_LINKS = 128


def start_tracing(service: str, exporter: SpanExporter) -> TracerProvider:
    """Send spans to `exporter`. Call once, at the composition root; shut the provider down at the end."""
    # Imported here and below: half a second that a service without a collector does not need to start.
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": f"icart-{service}"}))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    return provider


def start_exporting(service: str, endpoint: str | None) -> TracerProvider | None:
    """Send spans to an OTLP collector over HTTP; with no endpoint tracing stays in the headers."""
    if endpoint is None:
        return None
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return start_tracing(service, OTLPSpanExporter(endpoint=endpoint))


def context_of(traceparent: str) -> SpanContext | None:
    """The span that a `traceparent` header names; None when it is malformed (the message is handled all the same)."""
    parts = traceparent.split("-")
    try:
        version, trace_id, span_id, flags = parts[0], int(parts[1], 16), int(parts[2], 16), int(parts[3], 16)
    except (IndexError, ValueError):
        return None
    context = SpanContext(trace_id, span_id, is_remote=True, trace_flags=TraceFlags(flags & 0xFF))
    return context if version == "00" and context.is_valid else None


def traceparent_now() -> str | None:
    """The header of the span that is under way, for messages whose cause brought none; None when nothing is recorded."""
    context = trace.get_current_span().get_span_context()
    if not context.is_valid:
        return None
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"


@contextmanager
def batch_span(runner: str, batch: Sequence[Any]) -> Iterator[None]:
    """A span around a batch's handler, linked to the spans that its messages came from."""
    contexts = (context_of(one.traceparent) for one in batch[:MOST_LINKS] if one.traceparent)
    links = [Link(context) for context in contexts if context]
    with _tracer.start_as_current_span(
        f"batch {runner}", links=links, attributes={"messaging.batch.message_count": len(batch)}
    ):
        yield
