"""The store's settings, with what tests need differently: nothing here changes what is tested."""

import atexit
import shutil
import tempfile
from pathlib import Path

from shop.settings import *  # noqa: F403 - the same settings, on purpose
from shop.settings import STORAGES

# Uploads, renditions and queued tasks of one run; every process of a parallel run has its own.
_RUN = Path(tempfile.mkdtemp(prefix="pocketshop-tests-"))
atexit.register(shutil.rmtree, _RUN, ignore_errors=True)
MEDIA_ROOT = _RUN / "media"
BROKER_DIR = _RUN / "broker"

# Pages render without `collectstatic`, passwords without the deliberate slowness.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
