"""JPEG and PNG files, rewritten with the picture alone: no place, no date, no remark, nothing before nor after.

A file is never decoded by a library of pictures: its parts are walked, counted, and only those that draw are copied.
"""

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

MAX_PIXELS = 80_000_000
MAX_SCANS = 200  # passes of a progressive JPEG; encoders write about ten
PNG_HEAD = b"\x89PNG\r\n\x1a\n"
JPEG_HEAD = b"\xff\xd8\xff"

_PNG_KEPT = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"pHYs"})
_PNG_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_SLICE = 1 << 20

_SOI, _EOI, _SOS, _APP0, _APP1, _APP2, _APP14, _COMMENT = 0xD8, 0xD9, 0xDA, 0xE0, 0xE1, 0xE2, 0xEE, 0xFE
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_NEXT_MARKER = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")
_ORIENTATION = 0x0112


class BrokenPictureError(ValueError):
    """The file does not hold the picture that its first bytes announce."""


class HugePictureError(ValueError):
    """The picture unfolds into more than :data:`MAX_PIXELS`, or into more than it announces."""


def rewritten_png(content: bytes) -> bytes:
    """The same picture without what does not draw. Raises :class:`BrokenPictureError` or :class:`HugePictureError`."""
    chunks = list(_chunks(content))
    if chunks[0][0] != b"IHDR" or len(chunks[0][1]) != 13 or chunks[-1][0] != b"IEND":
        raise BrokenPictureError("no header or no end")
    expected = _png_size(chunks[0][1])
    _inflates_to(b"".join(data for name, data in chunks if name == b"IDAT"), expected)
    return PNG_HEAD + b"".join(_chunk(name, data) for name, data in chunks if name in _PNG_KEPT)


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The parts of a PNG up to its end; what follows the end is not part of the picture."""
    position, name = len(PNG_HEAD), b""
    while name != b"IEND":
        length, name = struct.unpack_from(">I4s", content, position) if position + 12 <= len(content) else (0, b"")
        data = content[position + 8 : position + 8 + length]
        if not name or content[position + 8 + length : position + 12 + length] != _crc(name, data):
            raise BrokenPictureError("a part is cut or altered")
        yield name, data
        position += 12 + length


def _crc(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", zlib.crc32(name + data))


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + _crc(name, data)


def _png_size(header: bytes) -> int:
    """How many bytes the picture unfolds into."""
    width, height, depth, colour, compression, filtering, interlaced = struct.unpack(">IIBBBBB", header)
    if colour not in _PNG_CHANNELS or depth not in (1, 2, 4, 8, 16) or compression or filtering or interlaced > 1:
        raise BrokenPictureError("an unknown kind of PNG")
    _refuse_huge(width, height)
    bits = _PNG_CHANNELS[colour] * depth
    passes = _ADAM7 if interlaced else ((0, 0, 1, 1),)
    sizes = [(ceil((width - left) / across), ceil((height - top) / down)) for left, top, across, down in passes]
    return sum(rows * (1 + ceil(columns * bits / 8)) for columns, rows in sizes if columns > 0 and rows > 0)


def _inflates_to(packed: bytes, expected: int) -> None:
    """Refuse data that does not unfold into exactly so many bytes, without ever holding more than a slice of them."""
    unfolding, seen = zlib.decompressobj(), 0
    try:
        while not unfolding.eof and seen <= expected:
            unfolded = unfolding.decompress(packed, _SLICE)
            packed, seen = unfolding.unconsumed_tail, seen + len(unfolded)
            if not packed and not unfolded:
                break
    except zlib.error as error:
        raise BrokenPictureError("the picture cannot be unfolded") from error
    if seen > expected:
        raise HugePictureError("more than it announces")
    if seen < expected or not unfolding.eof:
        raise BrokenPictureError("the picture is cut")


def _refuse_huge(width: int, height: int) -> None:
    if not width or not height:
        raise BrokenPictureError("an empty picture")
    if width * height > MAX_PIXELS:
        raise HugePictureError(f"{width} × {height} pixels")


@dataclass(frozen=True, slots=True)
class _Segment:
    """One part of a JPEG: its marker, its contents, and for a scan the compressed picture that follows."""

    marker: int
    data: bytes
    scan: bytes = b""

    @property
    def draws(self) -> bool:
        """True for what a reader needs to draw the picture in its right colours."""
        if self.marker == _APP2:
            return self.data.startswith(b"ICC_PROFILE\x00")
        is_remark = self.marker == _COMMENT or _APP0 < self.marker <= 0xEF
        return self.marker == _APP14 or not is_remark

    def written(self) -> bytes:
        """The part as it stands in a file."""
        return struct.pack(">BBH", 0xFF, self.marker, len(self.data) + 2) + self.data + self.scan


def rewritten_jpeg(content: bytes) -> bytes:
    """The same picture, upright, without what does not draw: place, date, telephone, thumbnail, film that follows.

    Raises :class:`BrokenPictureError` or :class:`HugePictureError`.
    """
    segments = list(_segments(content))
    frames = [segment.data for segment in segments if segment.marker in _FRAMES]
    scans = sum(segment.marker == _SOS for segment in segments)
    if len(frames) != 1 or len(frames[0]) < 6 or not scans:
        raise BrokenPictureError("no picture, or several")
    _refuse_huge(*struct.unpack_from(">HH", frames[0], 1))
    if scans > MAX_SCANS:
        raise HugePictureError(f"{scans} passes")
    turned = next((turn for segment in segments if (turn := _orientation(segment)) != 1), 1)
    upright = [] if turned == 1 else [_exif_of(turned)]
    # A reader wants the JFIF header first, and only then the orientation.
    ordered = sorted((s for s in segments if s.draws), key=lambda segment: segment.marker != _APP0)
    first = [segment.written() for segment in ordered if segment.marker == _APP0]
    rest = [segment.written() for segment in ordered if segment.marker != _APP0]
    return b"".join([bytes((0xFF, _SOI)), *first, *upright, *rest, bytes((0xFF, _EOI))])


def _segments(content: bytes) -> Iterator[_Segment]:
    """The parts of a JPEG up to its end; what follows the end is not part of the picture."""
    position = 2
    while True:
        found = _NEXT_MARKER.match(content, position)
        if found is None:
            raise BrokenPictureError("a part is missing")
        marker, position = found[0][-1], found.end()
        if marker == _EOI:
            return
        if marker == _SOI or position + 2 > len(content):
            raise BrokenPictureError("a part is cut")
        (length,) = struct.unpack_from(">H", content, position)
        data, position = content[position + 2 : position + length], position + length
        if length < 2 or position > len(content):
            raise BrokenPictureError("a part is cut")
        after = _NEXT_MARKER.search(content, position) if marker == _SOS else None
        end = after.start() if after is not None else position
        yield _Segment(marker, data, content[position:end])
        position = end


def _orientation(segment: _Segment) -> int:
    """How a telephone was held, from 1 (upright) to 8; 1 when the part does not say."""
    if segment.marker != _APP1 or not segment.data.startswith(b"Exif\x00\x00"):
        return 1
    tiff = segment.data[6:]
    order = {b"II*\x00": "<", b"MM\x00*": ">"}.get(tiff[:4], "")
    try:
        (directory,) = struct.unpack_from(f"{order}I", tiff, 4)
        (entries,) = struct.unpack_from(f"{order}H", tiff, directory)
        for entry in range(entries):
            tag, kind, _, turn = struct.unpack_from(f"{order}HHIH", tiff, directory + 2 + 12 * entry)
            if (tag, kind) == (_ORIENTATION, 3) and order and 1 <= turn <= 8:
                return int(turn)
    except struct.error:
        return 1
    return 1


def _exif_of(turned: int) -> bytes:
    """The smallest remark that tells a reader to turn the picture."""
    directory = struct.pack(">HHHIHHI", 1, _ORIENTATION, 3, 1, turned, 0, 0)
    return _Segment(_APP1, b"Exif\x00\x00MM\x00*\x00\x00\x00\x08" + directory).written()
