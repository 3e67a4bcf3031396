"""This project on a scratch database: `BENCH_DB` is a file of SQLite, `DATABASE_URL` names one on PostgreSQL."""

import os

from sessiondemo.settings import *  # noqa: F403
from sessiondemo.settings import DATABASES

if path := os.environ.get("BENCH_DB"):
    DATABASES["default"]["NAME"] = path
ROOT_URLCONF = "at_scale.urls"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
