"""Readers: from files to documents. One module a format; its parser loads with its first file.

`READERS` is the seam: a format joins with `READERS[".suffix"] = read_it`, a function from
`SourceFile` (its `text`, or its `data` where the format is not text) to `Reading`. A build runs it
in its own process; `Named("my.module", "read_it")` has it run in the process apart, as ours are.
"""

from index.readers.folder import MAX_BYTES, READERS, read_folder
from index.readers.source import Content, Named, Reader, Reading, SourceFile

__all__ = [
    "MAX_BYTES",
    "READERS",
    "Content",
    "Named",
    "Reader",
    "Reading",
    "SourceFile",
    "read_folder",
]
