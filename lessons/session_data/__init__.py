"""
What Django keeps of a session, taken apart one stage at a time, and put together again.

Since Django 3.1 a row's `session_data` reads (F08):

    eyJudW1fdmlzaXRzIjozfQ:1xVHYy:EX1X8t9KH-LXA1Yo6Knw5jEqWPSkpATwS0MjMCMIeC0
    └──────────┬─────────┘ └──┬─┘ └────────────────────┬────────────────────┘
            payload       timestamp                signature

payload     base64url of the JSON `{"num_visits":3}`, without padding. Where zlib saves at least
            two bytes, base64url of zlib(JSON), with a dot in front as its marker (F10).
timestamp   seconds since 1970 in base62.
signature   base64url of an HMAC-SHA256 over `payload:timestamp` (F09).

Before 3.1 it was one piece of padded base64 (F14):

    MmY0OGRhYjNjZWM5Yzc4YmMzYWVjMjU3M2M2ZDAxYzk5MDZhOTcxYzp7Im51bV92aXNpdHMiOjN9

which holds `sha1-hex:JSON`, or `sha1-hex:pickle`. Both rows were made with the secret key
`a-secret-key`; the tests decode them.

    >>> row = "eyJudW1fdmlzaXRzIjozfQ:1xVHYy:EX1X8t9KH-LXA1Yo6Knw5jEqWPSkpATwS0MjMCMIeC0"
    >>> decoded = decode(row, ["a-secret-key"])
    >>> decoded.data, decoded.verified
    ({'num_visits': 3}, True)
    >>> [stage.name for stage in decoded.stages if stage.status == "ok"]
    ['split', 'base64', 'json', 'timestamp', 'verify']

Standard library only: nothing here knows Django, so that it can be compared with Django.
"""

from .decoded import Decoded, Part
from .limits import MAX_TEXT
from .reading import decode
from .signature import COOKIE_SALT, LEGACY_SALT, SESSION_SALT
from .telling import Stage
from .writing import encode

__all__ = [
    "COOKIE_SALT",
    "LEGACY_SALT",
    "MAX_TEXT",
    "SESSION_SALT",
    "Decoded",
    "Part",
    "Stage",
    "decode",
    "encode",
]
