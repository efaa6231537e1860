"""A command that does with each text what the text says."""

import json
import sys
import time

for line in sys.stdin:
    row = json.loads(line)
    answer = json.dumps({"id": row["id"], "entities": []})
    match row["text"]:
        case "chatter":
            print("thinking …")
            print(answer)
        case "silence":
            continue
        case "garbage":
            print("{half an ans")
        case "stranger":
            print(json.dumps({"id": "stranger", "entities": []}))
        case "twice":
            print(answer)
            print(answer)
        case "sorry":
            print(json.dumps({"id": row["id"], "error": "too hard"}))
        case "dies":
            print("out of memory", file=sys.stderr)
            sys.exit(9)
        case "hangs":
            time.sleep(60)
        case _:
            print(answer)
    sys.stdout.flush()
