"""Typst in a process of its own, with limits of memory and time: `python -I typesetting.py`, a request on its input.

Run by path and isolated, so that nothing of the platform is imported and no module beside this one is mistaken for
the library's. Reads one JSON object: template, root, fonts, report, standards, timestamp, memory (bytes), seconds.
Writes the PDF. Ends with 3 and the reason on its error output when Typst refuses; a limit ends it in its own way.
"""

import json
import resource
import sys
from datetime import datetime

REFUSED = 3


def main() -> int:
    wanted = json.load(sys.stdin.buffer)
    resource.setrlimit(resource.RLIMIT_AS, (wanted["memory"], wanted["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (wanted["seconds"], wanted["seconds"] + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import typst  # after the limits: they hold for it

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=wanted["fonts"])
    try:
        made = typst.compile(
            wanted["template"],
            root=wanted["root"],
            font_paths=fonts,
            format="pdf",
            sys_inputs={"report": wanted["report"]},
            pdf_standards=wanted["standards"],
            timestamp=datetime.fromisoformat(wanted["timestamp"]),
        )
    except typst.TypstError as error:
        sys.stderr.write(str(error))
        return REFUSED
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
