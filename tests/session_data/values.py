"""What the tests of session_data decode: any session, and rows made by hand."""

import base64
import hashlib
import hmac
import json
import zlib

from hypothesis import settings
from hypothesis import strategies as st

from lessons.session_data import SESSION_SALT

KEY = "a-secret-key"
NOW = 1_795_392_340  # 1xVHYy

modest = settings(database=None, deadline=None, max_examples=60)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
sessions = st.dictionaries(st.text(max_size=8), json_values, max_size=5)


def as_json(value):
    return json.dumps(value, separators=(",", ":")).encode()


def signed(payload, key=KEY, salt=SESSION_SALT, algorithm="sha256", timestamp="1xVHYy"):
    """Sign bytes with nothing but hashlib, as F09 says."""
    return sign_text(f"{base64url(payload)}:{timestamp}", key, salt, algorithm)


def deflated(payload, **how):
    """Sign bytes that are compressed first, with the dot that says so."""
    timestamp = how.pop("timestamp", "1xVHYy")
    return sign_text(f".{base64url(zlib.compress(payload))}:{timestamp}", **how)


def sign_text(message, key=KEY, salt=SESSION_SALT, algorithm="sha256"):
    derived = hashlib.new(algorithm, (salt + "signer" + key).encode()).digest()
    return message + ":" + base64url(hmac.new(derived, message.encode(), algorithm).digest())


def base64url(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def legacy(serialized, key=KEY, salt="django.contrib.sessionsSessionStore"):
    """Make a row as Django made it before 3.1, as F14 says."""
    digest = hmac.new(hashlib.sha1((salt + key).encode()).digest(), serialized, "sha1").hexdigest()
    return base64.b64encode(digest.encode() + b":" + serialized).decode()
