"""Where the server is, and with which token: as told, or as `serve` left it. The token is never an argument."""

from __future__ import annotations

import os
from pathlib import Path

from volgens.curation.label_studio.client import Server, ServerError, token

URL_FILE, TOKEN_FILE = "url", "token"


def data_folder(root: Path) -> Path:
    """Where `serve` keeps the server of a dataset's folder."""
    return root / "out" / "label-studio"


def connect(data: Path, url: str | None = None, token_file: Path | None = None) -> Server:
    """The server at `url`, else at LABEL_STUDIO_URL, else the one that `serve` started on `data`; the token from the file, else
    from LABEL_STUDIO_API_KEY, else where `serve` left it. Raises ServerError.
    """
    url = url or os.environ.get("LABEL_STUDIO_URL")
    left = data / TOKEN_FILE if url is None and not os.environ.get("LABEL_STUDIO_API_KEY") else None
    if url is None:
        if not (data / URL_FILE).exists():
            raise ServerError("no server: start one with `volgens label serve`, or name it with --url and --token-file")
        url = (data / URL_FILE).read_text(encoding="utf-8").strip()
        if token_file is None and (data / TOKEN_FILE).exists():
            left = data / TOKEN_FILE
    return Server(url, token(token_file or left))
