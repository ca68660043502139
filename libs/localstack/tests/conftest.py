import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from icart_localstack import LocalStack


@pytest.fixture(scope="module")
def stack_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="icart-localstack-test-"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def stack(stack_folder: Path) -> Iterator[LocalStack]:
    """One broker and the database, shared by a file; a test that stops it starts it again."""
    with LocalStack(stack_folder) as running:
        yield running
