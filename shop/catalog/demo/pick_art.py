"""Writes art.json.gz: the icons that the demo catalogue uses, taken from the npm package @iconify-json/fluent-emoji.

    npm pack @iconify-json/fluent-emoji && tar xzf iconify-json-fluent-emoji-*.tgz
    python -m shop.catalog.demo.pick_art package/icons.json

The art is Microsoft's Fluent Emoji, MIT licence (LICENSE-fluent-emoji.txt beside this file).
"""

import gzip
import json
import re
import sys
from pathlib import Path

from shop.catalog.demo.catalogue import departments_and_types

ART = Path(__file__).parent / "art.json.gz"


def pick(icons: Path) -> int:
    """Number of icons written; raises KeyError for a name that the package does not have."""
    everything = json.loads(icons.read_text())
    departments, types = departments_and_types()
    names = sorted({name for one in (*departments, *types) for name in one.icons})
    bodies = {}
    for name in names:
        real = everything.get("aliases", {}).get(name, {}).get("parent", name)
        bodies[name] = re.sub(r"(\d+\.\d{3})\d+", r"\1", everything["icons"][real]["body"])
    packed = json.dumps(bodies, sort_keys=True, separators=(",", ":")).encode()
    ART.write_bytes(gzip.compress(packed, 9, mtime=0))
    return len(bodies)


if __name__ == "__main__":
    sys.stdout.write(f"{pick(Path(sys.argv[1]))} icons\n")
