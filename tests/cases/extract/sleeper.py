"""A command that writes its process id to a file of its folder, answers texts that say so, and sleeps on all others."""

import json
import os
import sys
import time
from pathlib import Path

Path(sys.argv[1], f"{os.getpid()}.pid").touch()
for line in sys.stdin:
    row = json.loads(line)
    if row["text"] != "answer":
        time.sleep(600)
    sys.stdout.write(json.dumps({"id": row["id"], "entities": []}))  # its last line has no end
    sys.stdout.flush()
