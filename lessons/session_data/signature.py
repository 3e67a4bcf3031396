"""
Who wrote this? The signature answers, for those who know the secret key.

    signature = base64url(HMAC(key, message))     key = hash(salt + "signer" + SECRET_KEY)

The hash is SHA-256 since Django 3.1 and was SHA-1 before (F09). The salt is no secret: it keeps
what was signed for one purpose from being taken for another, so a signed cookie is no session row.
"""

import hashlib
import hmac
from binascii import b2a_base64
from functools import lru_cache

SESSION_SALT = "django.contrib.sessions.SessionStore"
COOKIE_SALT = "django.contrib.sessions.backends.signed_cookies"
LEGACY_SALT = "django.contrib.sessionsSessionStore"
OF_CLASS = "django.contrib.sessions."  # and the name of a SessionStore's class; before 3.1 there was no dot (F09, F14)

HASHES = {"sha1": hashlib.sha1, "sha256": hashlib.sha256}
TO_URL_SAFE = bytes.maketrans(b"+/", b"-_")
ALGORITHMS = {27: "sha1", 43: "sha256"}  # by the length of the signature in base64url


def signer_of(message, signature, secret_keys, salt=None):
    """
    Return the salt and the index of the key which made this signature, or two Nones.

    Without a salt, the two that Django's session engines use are tried. A salt may be the name of a SessionStore's
    class, which is the end of the salt (F09).
    """
    message, signature = as_bytes(message), as_bytes(signature)
    algorithm = ALGORITHMS.get(len(signature))
    for candidate in (salt, OF_CLASS + salt) if salt else (SESSION_SALT, COOKIE_SALT):
        # A row of this form was never signed with SHA-1; a cookie was, before 3.1, and what had a salt of its own.
        if algorithm == "sha256" or (algorithm == "sha1" and candidate != SESSION_SALT):
            for index, key in enumerate(secret_keys):
                # Like Django, compare in constant time: timing must not tell how much was right.
                if hmac.compare_digest(signature, sign(message, key, candidate, algorithm)):
                    return candidate, index
    return None, None


def sign(message, secret_key, salt, algorithm="sha256"):
    """Return the signature of a message, both bytes: what Django writes after the last colon."""
    digest = salted_hmac(message, secret_key, salt + "signer", algorithm)
    return b2a_base64(digest, newline=False).translate(TO_URL_SAFE).rstrip(b"=")


def legacy_signer_of(message, hash, secret_keys, salt):
    """Return the salt and the index of the key which made the hash in a row from before Django 3.1, or two Nones."""
    for candidate in (salt, OF_CLASS.rstrip(".") + salt) if salt != LEGACY_SALT else (salt,):
        for index, key in enumerate(secret_keys):
            if hmac.compare_digest(hash, legacy_hash(message, key, candidate)):
                return candidate, index
    return None, None


def legacy_hash(message, secret_key, salt=LEGACY_SALT):
    """Return the 40 hex digits that stood before the colon (F14)."""
    return salted_hmac(message, secret_key, salt, "sha1").hex().encode()


def salted_hmac(message, secret_key, salt, algorithm):
    """
    Return HMAC(key, message) = hash(outer pad + hash(inner pad + message)), as in RFC 2104.

    hmac.digest() gives the same. But the pads depend on the key alone: hashed once, they make
    reading a table of rows with one key a good deal faster.
    """
    short = len(secret_key) + len(salt) < 1_000  # nobody's megabytes are kept in the cache
    pads = hmac_pads if short else hmac_pads.__wrapped__
    inner, outer = pads(secret_key, salt, algorithm)
    inner, outer = inner.copy(), outer.copy()
    inner.update(message)
    outer.update(inner.digest())
    return outer.digest()


@lru_cache(maxsize=8)  # a site has one secret key or a few; small, because it keeps them in memory
def hmac_pads(secret_key, salt, algorithm):
    hash = HASHES[algorithm]
    key = hash(as_bytes(salt) + as_bytes(secret_key)).digest().ljust(hash().block_size, b"\0")
    return hash(bytes(byte ^ 0x36 for byte in key)), hash(bytes(byte ^ 0x5C for byte in key))


def as_bytes(text):
    # Django cannot encode a lone surrogate, and gives up. As these bytes it matches no signature.
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
