"""Reads archives as Python does: those of the corpora, some that it writes itself, and all of these with a byte changed.

    read_archives.py CORPUS... OUT

A corpus is a folder of zips, or of archives behind a letter that says what they are. Every archive becomes a file in OUT,
and a line of `theirs.json`: its file, what it is, and what Python reads in it or why it reads nothing.
"""

import gzip
import hashlib
import io
import json
import pathlib
import sys
import tarfile
import zipfile

TIME = (2026, 1, 2, 3, 4, 6)
CONTENT = {
    "tides/__init__.py": b"plugin = object\n",
    "tides/data/gauges.json": b'{"gauges": []}\n' * 40,
    "tides/\u00fcber.txt": "H\u00f6he\n".encode(),
    "tides/empty.txt": b"",
    "tides-1.0.dist-info/METADATA": b"Metadata-Version: 2.1\nName: tides\nVersion: 1.0\n",
}
LONG = {f"tides/{'deep/' * 30}file.txt": b"deep\n", f"{'n' * 240}.txt": b"long\n"}
# Every so many bytes of an archive, one is changed; and it is cut off there.
STRIDE = 3


def written_zip(members, compression=zipfile.ZIP_DEFLATED, comment=b"", streamed=False, zip64=False):
    """A zip that Python writes: streamed ones have the sizes behind each member."""

    class OneWay(io.BytesIO):
        def seekable(self):
            return not streamed

        def seek(self, *arguments):
            if streamed:
                raise OSError("one way")
            return super().seek(*arguments)

        def tell(self):
            if streamed:
                raise OSError("one way")
            return super().tell()

    out = OneWay()
    with zipfile.ZipFile(out, "w", compression) as archive:
        archive.comment = comment
        for name, content in members.items():
            info = zipfile.ZipInfo(name, TIME)
            info.compress_type = compression
            with archive.open(info, "w", force_zip64=zip64) as member:
                member.write(content)
    return out.getvalue()


def written_tar(members, form, kinds=()):
    """A tar that Python writes, with members of other kinds behind its files."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        for kind, name, link in kinds:
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, link
            archive.addfile(info)
    return out.getvalue()


def written():
    """Archives that Python writes, by name and form."""
    yield "zip-deflated", "zip", written_zip(CONTENT)
    yield "zip-stored", "zip", written_zip(CONTENT, zipfile.ZIP_STORED)
    yield "zip-bzip2", "zip", written_zip(CONTENT, zipfile.ZIP_BZIP2)
    yield "zip-lzma", "zip", written_zip(CONTENT, zipfile.ZIP_LZMA)
    yield "zip-comment", "zip", written_zip(CONTENT, comment=b"PK\5\6 is how an end begins")
    yield "zip-streamed", "zip", written_zip(CONTENT, streamed=True)
    yield "zip-large-form", "zip", written_zip(CONTENT, zip64=True)
    yield "zip-long-names", "zip", written_zip(LONG)
    yield "zip-folders", "zip", written_zip({"tides/": b"", **CONTENT})
    for name, form in [("ustar", tarfile.USTAR_FORMAT), ("gnu", tarfile.GNU_FORMAT), ("pax", tarfile.PAX_FORMAT)]:
        yield f"tar-{name}", "tar", written_tar(CONTENT, form)
        yield f"tar-gz-{name}", "tar.gz", gzip.compress(written_tar(CONTENT, form), mtime=0)
        yield f"tar-dot-{name}", "tar", written_tar({f"./{path}": content for path, content in CONTENT.items()}, form)
        yield f"tar-folder-{name}", "tar", written_tar(CONTENT, form, [(tarfile.DIRTYPE, "tides", "")])
        for kind, word in [(tarfile.SYMTYPE, "link"), (tarfile.LNKTYPE, "hard-link"), (tarfile.FIFOTYPE, "pipe")]:
            yield f"tar-{word}-{name}", "tar", written_tar(CONTENT, form, [(kind, "tides/other.py", "tides/__init__.py")])
        if form != tarfile.USTAR_FORMAT:
            yield f"tar-long-names-{name}", "tar", written_tar(LONG, form)


def changed():
    """The archives that Python writes, with a byte changed or cut off there."""
    for name, form, content in written():
        if not name.startswith(("zip-deflated", "zip-stored", "zip-streamed", "zip-large-form", "tar-gnu", "tar-pax", "tar-gz-gnu")):
            continue
        # Most of a tar is zeros up to the end of a block: the headers are where it is fragile.
        places = [at for at in range(0, len(content), STRIDE) if form != "tar" or at % 512 < 360 and any(content[at : at + 16])]
        for at in places:
            for mask in (0x01, 0x20, 0xFF):
                yield f"{name}-{at}-{mask:02x}", form, content[:at] + bytes([content[at] ^ mask]) + content[at + 1 :]
            yield f"{name}-{at}-cut", form, content[:at]


def corpus(folder):
    """The archives of a corpus of our own tests."""
    forms = {b"Z": "zip", b"G": "tar.gz", b"T": "tar"}
    for path in sorted(folder.iterdir()):
        content = path.read_bytes()
        if folder.name == "archive":
            yield path.name, forms[content[:1]], content[1:]
        else:
            yield f"{folder.name}-{path.name}", "zip", content


def read_zip(content):
    """Files by name with their hashes; folders without."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {
            info.filename.rstrip("/") if info.is_dir() else info.filename: None if info.is_dir() else hash_of(archive.read(info))
            for info in archive.infolist()
        }


def read_tar(content, mode):
    """The same of a tar; what is neither, by its kind."""
    with tarfile.open(fileobj=io.BytesIO(content), mode=mode) as archive:
        return {
            info.name: hash_of(archive.extractfile(info).read()) if info.isreg() else None if info.isdir() else "neither"
            for info in archive.getmembers()
        }


def hash_of(content):
    return hashlib.sha256(content).hexdigest()


def read(form, content):
    """What Python reads, or why not. Whatever it raises, an installer would end there."""
    try:
        return {"files": read_zip(content) if form == "zip" else read_tar(content, "r:gz" if form == "tar.gz" else "r:")}
    except Exception as fault:
        return {"refused": f"{type(fault).__name__}: {' '.join(str(fault).split())}"}


def main(*paths):
    *corpora, out = map(pathlib.Path, paths)
    told = []
    for name, form, content in [*(case for folder in corpora for case in corpus(folder)), *written(), *changed()]:
        file = f"{name}.{form}"
        (out / file).write_bytes(content)
        told.append({"file": file, **read(form, content)})
    # Names may be no Unicode: lone surrogates are written as JSON can, and replaced where they are read.
    text = json.dumps(told, ensure_ascii=False, indent=1).encode("utf-8", "replace")
    (out / "theirs.json").write_bytes(text)
    print(f"Python {sys.version.split()[0]}")


main(*sys.argv[1:])
