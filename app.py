"""Serve the chat page: `python app.py --kb kb`."""

import argparse
import sys
from pathlib import Path

from index.default_model import DEFAULT_MODEL
from index.errors import CitewellError
from qa.web.serving import serve


def main() -> int:
    """Read the options and serve; the exit code says what went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kb", type=Path, default=Path("kb"), help="the knowledge base's folder")
    parser.add_argument("--model", default=DEFAULT_MODEL, help="the model it was built with")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
    parser.add_argument("--port", type=int, default=7860, help="the port to listen on, 0 for any")
    options = parser.parse_args()
    try:
        serve(options.kb, options.host, options.port, options.model)
    except CitewellError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    except KeyboardInterrupt:
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
