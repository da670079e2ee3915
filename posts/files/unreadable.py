"""What Pillow raises for files that are no pictures, or more than we take."""

import struct

from PIL import Image as Pillow

BOMBS = (Pillow.DecompressionBombError, Pillow.DecompressionBombWarning)
# What Pillow's decoders have been seen to raise on broken files.
UNREADABLE = (
    EOFError,
    IndexError,
    KeyError,
    MemoryError,
    OSError,
    OverflowError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
)
