"""mkdocs hooks: pages that are generated when the site is built, and so never fall behind."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from mkdocs.structure.files import File, Files

from scripts.docs import api, commands

GENERATED = {"reference/commands.md": commands.page, "reference/api.md": api.page}


def on_files(files: Files, config: Any) -> Files:
    for path, page in GENERATED.items():
        files.append(File.generated(config, path, content=page()))
    return files
