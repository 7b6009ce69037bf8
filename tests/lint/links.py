#!/usr/bin/python3
"""Holds every page to its links: each relative link of a committed .md file leads to a committed file or folder, each anchor to a
heading."""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
CODE = re.compile(r"^( *)```.*?^\1```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
ELSEWHERE = re.compile(r"[a-z]+:", re.IGNORECASE)


def committed():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return {ROOT / line for line in listed.splitlines()}


def prose(page):
    return CODE.sub("", page.read_text(encoding="utf-8"))


def anchors(page):
    """As GitHub makes them of headings."""
    seen = {}
    for heading in re.findall(r"^#+ (.*)$", prose(page), re.MULTILINE):
        words = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading)
        slug = re.sub(r"[^\w\- ]", "", words.strip().lower()).replace(" ", "-")
        count = seen.get(slug, 0)
        seen[slug] = count + 1
        yield f"{slug}-{count}" if count else slug


def faults(pages, there):
    for page in pages:
        for link in LINK.findall(re.sub(r"`[^`\n]*`", "", prose(page))):
            if ELSEWHERE.match(link):
                continue
            file, _, anchor = link.partition("#")
            target = (page.parent / file).resolve() if file else page
            if target not in there:
                yield f"{page.relative_to(ROOT)}: {link} leads nowhere"
            elif anchor and anchor not in set(anchors(target)):
                yield f"{page.relative_to(ROOT)}: {link} has no such heading"


def main():
    files = committed()
    there = files | {folder for file in files for folder in file.parents}
    pages = sorted(file for file in files if file.suffix == ".md" and file.exists())
    found = list(faults(pages, there))
    print("\n".join(found) or f"the links of {len(pages)} pages resolve")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
