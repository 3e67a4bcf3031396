"""
What a pickle would do, told from its bytes. It is never loaded: loading a pickle can run any code.

`pickletools` reads the opcodes and executes none of them.
"""

import pickletools

from .display import printable

BYTES = 16 * 1024
LINES = 60


def disassembled(data):
    """
    Return the opcodes of a pickle, one a line: where it stands, its name, and what it is given.

    >>> print(disassembled(b"\\x80\\x04}."))
        0  PROTO 4
        2  EMPTY_DICT
        3  STOP
    """
    lines = []
    try:
        for opcode, argument, position in pickletools.genops(data[:BYTES]):
            given = "" if argument is None else " " + printable(repr(argument), 80).replace("\n", " ")
            lines.append(f"{position:5}  {opcode.name}{given}")
            if len(lines) == LINES:
                lines.append("    …")
                break
    except Exception as broken:  # a stranger's bytes: pickletools raises what it likes
        lines.append(f"    …  here it breaks off: {printable(str(broken), 80)}")
    return "\n".join(lines)
