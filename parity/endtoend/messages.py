"""The message classes of `core/proto` for google's protobuf runtime, an independent decoder.

They are made from descriptors that `protoc` writes on the spot, so nothing generated
is kept that could fall behind the .proto files.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from google.protobuf import descriptor_pool, message_factory
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.message import Message

PROTO = Path(__file__).resolve().parents[2] / "core" / "proto"
FILES = ("tusk/drift/core/v1/span.proto", "tusk/drift/backend/v1/span_export_service.proto")


def message_class(name: str) -> type[Message]:
    """The class of a message by its full name, such as `tusk.drift.core.v1.Span`."""
    pool = descriptor_pool.DescriptorPool()
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "descriptors"
        subprocess.run(
            ["protoc", "-I", str(PROTO), "--include_imports", f"--descriptor_set_out={out}", *FILES],
            check=True,
        )
        descriptors = FileDescriptorSet.FromString(out.read_bytes())
    for file in descriptors.file:
        pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(name))
