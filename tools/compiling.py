"""The build's hook: compiles the catalogues of words first, so that what is installed carries them."""

import importlib.util
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledWords(BuildHookInterface[Any]):
    """Called by the build for a wheel and for an editable installation."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile what is not compiled yet."""
        del version, build_data
        # By its path: the package that it belongs to is not installed yet.
        path = Path(self.root, "src", "liuchi", "config", "translations.py")
        spec = importlib.util.spec_from_file_location("translations", path)
        if spec is None or spec.loader is None:
            raise FileNotFoundError(path)
        translations = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(translations)
        translations.compile_translations()
