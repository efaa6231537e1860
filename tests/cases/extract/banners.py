"""A command that prints what many tools print, between and before its answers, and in pieces."""

import json
import sys

print("Model loaded.", "Welcome!", sep="\n", flush=True)
print(json.dumps({"level": "info", "message": "ready"}), flush=True)
for line in sys.stdin:
    row = json.loads(line)
    print(f"[{row['id']}] …")
    answer = json.dumps({"id": row["id"], "entities": []}) + "\n"
    for half in (answer[:9], answer[9:]):
        sys.stdout.write(half)
        sys.stdout.flush()
