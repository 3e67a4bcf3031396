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
    Estimate, from above, how many bytes of memory this JSON needs to be read and shown.

    Counting four characters is far faster than parsing, and needs hardly any memory. Nothing
    below 300 KB is estimated too large.
    """
    outside = outside_strings(data)
    # One emoji makes Python keep a whole string at four bytes a character. And what is not ASCII,
    # which Django never writes, takes six characters for one when it is printed as JSON again.
    width = 12 if not data.isascii() else 4 if b"\\u" in data else 1
    return (
        width * len(data)
        + 72 * outside.count(b",")  # a slot in its list, and a number or a short string
        + 80 * outside.count(b"[")  # an empty list
        + 240 * outside.count(b"{")  # a dict with room for its first few keys
        + 360 * outside.count(b":")  # a key, its slot, and its entry in the parser's table of keys
    )


def outside_strings(data):
    r"""
    Return JSON without its strings, so that the commas of prose are not taken for values.

    >>> outside_strings(rb'{"a":"b, \"c\", d","e":[1,2]}')
    b'{:,:[1,2]}'
    """
    unescaped = data.replace(rb"\\", b"").replace(rb"\"", b"")
    if unescaped.count(b'"') > 20_000:  # so many strings are small: cutting them out costs more
        return data
    return b"".join(unescaped.split(b'"')[::2])
