"""The last step before the seal: what archives and screen readers need beyond WeasyPrint, always alike."""

from __future__ import annotations

import base64
import io
import zlib
from collections.abc import Sequence
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, ObjectStreamMode, Stream, StreamDecodeLevel, String

PRINT = 4  # annotation flag (ISO 32000-1, table 165): PDF/A wants every annotation printed


def finish(pdf: bytes, section_languages: Sequence[str] = ()) -> bytes:
    """Return the PDF with header scopes, printable annotations, plain XMP and unambiguous stream ends.

    `section_languages` names the language of each section, which WeasyPrint does not write down.
    """
    with pikepdf.open(io.BytesIO(pdf)) as file:
        _set_scopes(file.Root.StructTreeRoot, in_head=False)
        _set_languages(file.Root.StructTreeRoot, section_languages)
        _mend_annotations(file)
        _mend_associated_files(file)
        _unpack_metadata(file)
        _pack(file)
        target = io.BytesIO()
        file.save(
            target,
            deterministic_id=True,
            compress_streams=False,
            stream_decode_level=StreamDecodeLevel.none,
            object_stream_mode=ObjectStreamMode.generate,
            fix_metadata_version=False,
        )
        return target.getvalue()


def page_count(pdf: bytes) -> int:
    """Return how many pages the PDF has."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        return len(file.pages)


def _set_scopes(node: Any, *, in_head: bool) -> None:
    """Say what each header cell heads: a column in the table's head, a row elsewhere (ISO 14289-1, 7.5)."""
    waiting = [(node, in_head)]
    while waiting:
        current, head = waiting.pop()
        if isinstance(current, Array):
            waiting.extend((item, head) for item in current)
        elif isinstance(current, Dictionary):
            kind = str(current.get("/S", ""))
            head = head or kind == "/THead"
            if kind == "/TH":
                _set_scope(current, Name.Column if head else Name.Row)
            if "/K" in current:
                waiting.append((current.K, head))


def _set_languages(root: Any, languages: Sequence[str]) -> None:
    """Say in which language each section is (ISO 14289-1, 7.2).

    A section is tagged anew on each of its pages; where it begins it has its heading of the second level.
    """
    if not languages:
        return
    sections = _tagged(root, "/Sect")
    begun = -1
    for section in sections:
        begun += bool(_tagged(section.get("/K"), "/H2"))
        section[Name.Lang] = String(languages[begun])
    if begun + 1 != len(languages):
        msg = f"{begun + 1} sections for {len(languages)} languages"
        raise ValueError(msg)


def _tagged(node: Any, kind: str) -> list[Any]:
    """Return the outermost elements of this kind in their order."""
    if isinstance(node, Array):
        return [found for item in node for found in _tagged(item, kind)]
    if not isinstance(node, Dictionary):
        return []
    if str(node.get("/S", "")) == kind:
        return [node]
    return _tagged(node.get("/K"), kind)


def _set_scope(cell: Any, scope: Name) -> None:
    attributes = cell.get("/A")
    if not isinstance(attributes, Dictionary):
        attributes = Dictionary(O=Name.Table)
    attributes[Name.Scope] = scope
    cell[Name.A] = attributes


def _mend_annotations(file: pikepdf.Pdf) -> None:
    for page in file.pages:
        for annotation in page.obj.get("/Annots", Array()):
            annotation[Name.F] = int(annotation.get("/F", 0)) | PRINT
            if not str(annotation.get("/Contents", "")):
                action = annotation.get("/A", Dictionary())
                annotation[Name.Contents] = String(str(action.get("/URI", annotation.get("/Dest", "-"))))


def _mend_associated_files(file: pikepdf.Pdf) -> None:
    """List each attachment once among the associated files; WeasyPrint lists it twice."""
    listed = {item.objgen: item for item in file.Root.get("/AF", Array())}
    if listed:
        file.Root.AF = Array(list(listed.values()))


def _unpack_metadata(file: pikepdf.Pdf) -> None:
    """Let archives read the XMP without unpacking it, as PDF/A-1 and some readers of later parts ask."""
    metadata = file.Root.Metadata
    metadata.write(metadata.read_bytes())


def _pack(file: pikepdf.Pdf) -> None:
    """Compress what is not, and write anew every stream that ends with a carriage return.

    A Flate stream ends with the checksum of its data. Where that last byte is CR, about once in 256 streams,
    CR LF endstream can be read as a stream one byte shorter. ASCII85 around it always ends with ">".
    """
    metadata = file.Root.Metadata.objgen
    for item in file.objects:
        if not isinstance(item, Stream) or item.objgen == metadata:
            continue
        if "/Filter" not in item:
            item.write(zlib.compress(item.read_raw_bytes(), 9), filter=Name.FlateDecode)
        if item.read_raw_bytes().endswith(b"\r"):
            _rewrap(item)


def _rewrap(item: Stream) -> None:
    before = item.get("/Filter")
    filters = list(before) if isinstance(before, Array) else [before]
    parameters = item.get("/DecodeParms")
    wrapped = base64.a85encode(item.read_raw_bytes()) + b"~>"
    item.write(wrapped, filter=Array([Name.ASCII85Decode, *filters]), decode_parms=_shifted(parameters))


def _shifted(parameters: Any) -> Any:
    if parameters is None:
        return None
    return Array([None, *(parameters if isinstance(parameters, Array) else [parameters])])
