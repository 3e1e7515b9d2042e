"""The store's settings, with what tests need differently: nothing here changes what is tested."""

import atexit
import shutil
import tempfile
from pathlib import Path

from shop.settings import *  # noqa: F403 - the same settings, on purpose
from shop.settings import STORAGES

# Uploads and renditions of one run; every process of a parallel run has its own.
MEDIA_ROOT = Path(tempfile.mkdtemp(prefix="pocketshop-media-"))
atexit.register(shutil.rmtree, MEDIA_ROOT, ignore_errors=True)

# Pages render without `collectstatic`, passwords without the deliberate slowness.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
