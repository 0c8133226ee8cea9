"""Serve the chat page: `python app.py --kb kb` is `citewell serve --kb kb`."""

import sys

from qa.cli import main

if __name__ == "__main__":
    main(["serve", *sys.argv[1:]])
