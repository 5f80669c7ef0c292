"""`python -m bench [NAME …]`: run benchmarks and print a small table each."""

import importlib
import os
import pkgutil
import sys

import django

import bench
from bench.registry import BENCHMARKS, table
from config import local


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all."""
    os.environ.setdefault("SAMPLE_SITE", "0")
    local.prepare_environment(local.var_folder())
    django.setup()
    for module in pkgutil.iter_modules(bench.__path__):
        if module.name != "__main__":
            importlib.import_module(f"bench.{module.name}")
    unknown = set(names) - set(BENCHMARKS)
    if unknown:
        print(f"No such benchmark: {', '.join(sorted(unknown))}. There are: {', '.join(sorted(BENCHMARKS))}")
        return 2
    for name in names or sorted(BENCHMARKS):
        print(f"\n{name}\n{table(BENCHMARKS[name]())}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
