"""
How much of a hostile value is read.

A session row is a few hundred bytes. But whoever can write a row can write a zlib bomb, or JSON
that grows a hundredfold once it is Python objects, and a page that decodes it must survive. Every
limit is far above what a session can sensibly hold. Django has none: it trusts what it signed.
"""

MIB = 2**20

#: Bytes of stored text. Anything longer is not decoded at all.
MAX_TEXT = 6 * MIB

#: Bytes of JSON that zlib may give.
MAX_JSON = 6 * MIB

#: Bytes of Python objects that the JSON may become, by the estimate below.
MAX_OBJECTS = 36 * MIB

#: Digits of a base62 timestamp. Eleven are enough for 64 bits; a longer one is no date.
MAX_TIMESTAMP = 11


def too_long(text):
    """Tell whether this text is more than MAX_TEXT bytes, as UTF-8."""
    if len(text) > MAX_TEXT or text.isascii():
        return len(text) > MAX_TEXT
    return len(text.encode("utf-8", "surrogatepass")) > MAX_TEXT


def memory_of_json(data):
    """
    Estimate, from above, how many bytes of memory json.loads needs for these bytes of JSON.

    Counting four characters is a thousand times as fast as parsing. It also counts those inside
    strings, so the estimate is too high for prose, but never so high that 300 KB are refused.
    """
    # One astral character makes Python keep the whole string at four bytes a character.
    widest = 4 if b"\\u" in data or not data.isascii() else 1
    return (
        widest * len(data)
        + 72 * data.count(b",")  # a slot in its list, and a number or a short string
        + 80 * data.count(b"[")  # an empty list
        + 240 * data.count(b"{")  # a dict with room for its first few keys
        + 360 * data.count(b":")  # a key, its slot, and its entry in the parser's table of keys
    )
