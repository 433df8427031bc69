"""The house keeps its plan: who imports whom, file lengths, first lines, package sentences."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MAY_IMPORT = {"crawler": {"store"}, "nlp": {"store"}, "datasets/store": set(), "datasette_config": {"store"}}
PACKAGE_OF = {"crawler": "crawler", "nlp": "nlp", "datasets/store": "store", "datasette_config": None}
OURS = {"crawler", "nlp", "store", "datasette_config"}
SEES_EVERYTHING = "nlp/cli.py"
TOP_LEVEL = {"pyproject.toml", "README.md", "LICENSE", "crawler", "nlp", "datasets", "datasette_config", "tests"}
NO_NOUNS = {"utils", "helpers", "common", "base", "manager", "misc"}
LONGEST = 300
# Folders of somebody's own machine; a path of the kind everybody has is none.
MACHINE = re.compile(r"(?<![\w.}/])/(?:work|root|home/\w+|Users/\w+)/\w")


def tracked_files():
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def python_files():
    return sorted(p for p in tracked_files() if p.suffix == ".py")


def imports_of(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            # A module named in a string is an arrow like any other.
            yield from (a.value.partition(".")[0] for a in node.args if isinstance(a, ast.Constant))


def test_imports_point_up():
    looked_at = 0
    for path in python_files():
        relative = path.relative_to(ROOT).as_posix()
        folder = next((f for f in MAY_IMPORT if relative.startswith(f"{f}/")), None)
        if folder is None or relative == SEES_EVERYTHING:
            continue
        looked_at += 1
        allowed = MAY_IMPORT[folder] | {PACKAGE_OF[folder]}
        ours = set(imports_of(path)) & OURS
        assert ours <= allowed, f"{relative} may not import {sorted(ours - allowed)}"
    assert looked_at > 20


def test_only_the_cli_is_imported_by_nothing():
    for path in python_files():
        if path.relative_to(ROOT).parts[0] != "tests":
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"from nlp\.cli|import nlp\.cli|from nlp import [^\n]*\bcli\b", text), path


def test_files_are_short():
    for path in python_files():
        lines = len(path.read_text(encoding="utf-8").splitlines())
        assert lines <= LONGEST, f"{path.relative_to(ROOT)} has {lines} lines; split it by noun"


def test_first_lines_say_what_a_file_is_for():
    for path in python_files():
        text = path.read_text(encoding="utf-8")
        docstring = ast.get_docstring(ast.parse(text))
        assert docstring, f"{path.relative_to(ROOT)} has no first line"
        assert text.startswith(f'"""{docstring.splitlines()[0]}'), f"{path.relative_to(ROOT)}: say it in the first line"
        assert path.name != "__init__.py" or "\n" not in path.read_text(encoding="utf-8").strip(), path


def test_names_are_nouns():
    for path in python_files():
        assert path.stem.rpartition("_")[2] not in NO_NOUNS, path.relative_to(ROOT)


def test_public_functions_say_what_they_are_for():
    for path in python_files():
        if path.relative_to(ROOT).parts[0] == "tests":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                assert ast.get_docstring(node), f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"


def test_functions_that_other_files_call_say_what_they_are_for():
    ours = [path for path in python_files() if path.relative_to(ROOT).parts[0] != "tests"]
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in ours}
    asked = {
        (node.module.rpartition(".")[2], alias.name)
        for tree in trees.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and node.module.partition(".")[0] in OURS
        for alias in node.names
    }
    assert len(asked) > 300
    for path, tree in trees.items():
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (path.stem, node.name) in asked:
                assert ast.get_docstring(node), f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"


def test_nothing_names_the_machine_it_was_made_on():
    for path in tracked_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        named = MACHINE.search(text)
        assert named is None, f"{path.relative_to(ROOT)}: {named[0]}"


def test_top_level_holds_nothing_else():
    top = {p.relative_to(ROOT).parts[0] for p in tracked_files()}
    assert {name for name in top if not name.startswith(".")} <= TOP_LEVEL


def test_datasets_is_no_package():
    # `datasets` is Hugging Face's import name.
    assert not (ROOT / "datasets" / "__init__.py").exists()


def test_tests_are_flat():
    tests = [p for p in python_files() if p.relative_to(ROOT).parts[0] == "tests"]
    for path in tests:
        parts = path.relative_to(ROOT / "tests").parts
        assert len(parts) == 1 or parts[0] in {"bench", "data", "real"}, path
