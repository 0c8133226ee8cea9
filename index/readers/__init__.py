"""Readers: from files to documents. One module a format; its parser loads with its first file.

`READERS` is the seam: a format joins with `READERS[".suffix"] = read_it`, a function from
`SourceFile` (its `text`, or its `data` where the format is not text) to `Reading`.
"""

from index.readers.folder import MAX_BYTES, READERS, read_folder
from index.readers.source import Content, Reader, Reading, SourceFile

__all__ = ["MAX_BYTES", "READERS", "Content", "Reader", "Reading", "SourceFile", "read_folder"]
