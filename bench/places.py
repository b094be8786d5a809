"""Where keys hide: each place as the bytes of a file, for a corpus that is generated and never stored."""

import base64
import bz2
import gzip
import io
import json
import lzma
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Planted:
    """A key of a vendor, and the word that its format asks to stand nearby; `config` where it asks for none."""

    vendor: str
    key: str
    word: str

    @property
    def name(self) -> str:
        """What a person would call it: the word, in the name of a variable."""
        return self.word if self.word.isupper() else f"{self.word}_API_KEY"

    @property
    def env(self) -> str:
        """The key as a line of settings."""
        return f"A=1\n{self.name}={self.key}\n"


Form = Callable[[Planted], str | bytes]


def packed_zip(files: Mapping[str, str | bytes]) -> bytes:
    """A ZIP of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def packed_tar(files: Mapping[str, str | bytes]) -> bytes:
    """A tar of these files."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def _notebook(source: str, output: str) -> str:
    out = [{"output_type": "stream", "text": [output]}]
    return json.dumps({"cells": [{"cell_type": "code", "source": [source], "outputs": out}], "nbformat": 4})


def _secret(name: str, value: bytes) -> str:
    encoded = base64.b64encode(value).decode()
    return f"apiVersion: v1\nkind: Secret\nmetadata:\n  name: app\ndata:\n  {name}: {encoded}\n"


def _inside_base64(p: Planted) -> str:
    """At any of the three alignments of base64, by the key's last character."""
    value = "=" * (ord(p.key[-1]) % 3) + p.key
    return json.dumps({p.name: base64.b64encode(value.encode()).decode()})


def _wrapped(p: Planted) -> str:
    return base64.encodebytes(b"first\n" + p.env.encode()).decode()


def _escaped_json(p: Planted) -> str:
    """As encoders write it that make JSON safe inside HTML."""
    text = json.dumps({"name": p.word, "key": p.key})
    return text.replace("/", "\\/").replace("+", "\\u002B").replace("=", "\\u003d").replace("-", "\\u002d")


def _state(p: Planted) -> str:
    attributes = {p.name: p.key, "type": "SecureString"}
    return json.dumps({"version": 4, "resources": [{"instances": [{"attributes": attributes}]}]}, indent=2)


def _image(p: Planted) -> bytes:
    layer = packed_tar({"app/.env": p.env, "etc/hostname": "x"})
    return packed_tar({"abc/layer.tar": layer, "abc.json": "{}", "manifest.json": "[]"})


def _image_history(p: Planted) -> bytes:
    history = [{"created_by": f"/bin/sh -c #(nop)  ENV {p.word}=x API_KEY={p.key}"}]
    return packed_tar({"abc.json": json.dumps({"history": history}), "manifest.json": "[]"})


def _oci(p: Planted) -> bytes:
    layer = gzip.compress(packed_tar({"srv/app.jar": packed_zip({"a.properties": p.env})}), mtime=0)
    return packed_tar({"blobs/sha256/abc": layer, "oci-layout": "{}"})


# Place → file ending and content. Each is committed, and still in HEAD.
FORMS: dict[str, tuple[str, Form]] = {
    "env": (".env", lambda p: p.env.replace("\n", "\r\n")),
    "env-example": (".env.example", lambda p: f"# example, replace me\n{p.env}"),
    "double-quotes": (".py", lambda p: f'client = Client("{p.word}", api_key="{p.key}", timeout=3)\n'),
    "single-quotes": (".js", lambda p: f"const {p.name} = '{p.key}';\n"),
    "backticks": (".md", lambda p: f"The {p.word} key is `{p.key}`.\n"),
    "before->": (".html", lambda p: f"<p>{p.word}</p><key>{p.key}</key><{p.key}>\n"),
    "before-)": (".txt", lambda p: f"{p.word} ({p.key})\n"),
    "before-comma": (".csv", lambda p: f"name,key,year\n{p.word},{p.key},2026\n"),
    "before-escaped-quote": (".json", lambda p: json.dumps({"body": json.dumps({"name": p.word, "key": p.key})})),
    "before-escaped-newline": (".json", lambda p: json.dumps({"env": p.env + "B=2\n"})),
    "xml-comment": (".svg", lambda p: f"<svg><!--{p.word} {p.key}--></svg>"),
    "notebook-source": (".ipynb", lambda p: _notebook(f'c = Client("{p.word}", api_key="{p.key}")\n', "")),
    "notebook-output": (".ipynb", lambda p: _notebook("show()", f"{p.word}: {p.key}\n")),
    "lockfile": (
        "/package-lock.json",
        lambda p: json.dumps({"packages": {"": {"x": f"https://{p.word}:{p.key}@h/y"}}}),
    ),
    "node-modules": ("/node_modules/a/index.js", lambda p: f"/* {p.word} */ module.exports = '{p.key}'\n"),
    "minified": (".min.js", lambda p: "var a=function(e){return e+1};" * 4000 + f'var n="{p.word}",k="{p.key}";'),
    "ci-file": ("/.github/workflows/ci.yml", lambda p: f"jobs:\n  a:\n    env:\n      {p.name}: {p.key}\n"),
    "dockerfile": ("/Dockerfile", lambda p: f"FROM scratch\nENV {p.name}={p.key} B=1\n"),
    "terraform-state": ("/terraform.tfstate", _state),
    "binary": (".bin", lambda p: b"\x7fELF\0\1\2" + bytes(90) + f"{p.word}\0{p.key}\0".encode() + bytes(90)),
    "utf-8-mark": (".txt", lambda p: p.env.encode("utf-8-sig")),
    "utf-16-le": (".txt", lambda p: p.env.encode("utf-16")),
    "utf-16-le-no-mark": (".txt", lambda p: p.env.encode("utf-16-le")),
    "utf-16-be": (".txt", lambda p: b"\xfe\xff" + p.env.encode("utf-16-be")),
    "utf-16-be-no-mark": (".txt", lambda p: p.env.encode("utf-16-be")),
    "utf-16-in-binary": (".exe", lambda p: b"MZ\x90\0" + bytes(range(256)) * 4 + p.env.encode("utf-16-le") + bytes(9)),
    "kubernetes-secret": (".yaml", lambda p: _secret(p.word, p.key.encode())),
    "kubernetes-secret-env": (".yaml", lambda p: _secret(".env", p.env.encode())),
    "base64-elsewhere": (".json", _inside_base64),
    "base64-decoded-in-code": (
        ".py",
        lambda p: f"{p.name} = b64decode('{base64.b64encode(p.key.encode()).decode()}')\n",
    ),
    "base64-wrapped": (".b64", _wrapped),
    "url-encoded": (".txt", lambda p: f"GET /v1?app={p.word}&key={_percent(p.key)}&x=1\n"),
    "url-query": (".log", lambda p: f"redirect={quote(f'https://h/?app={p.word}&key={p.key}&x=1', safe='')}\n"),
    "url-encoded-twice": (".txt", lambda p: f"next={quote(quote(f'/?{p.word}&key={p.key}&x', safe=''), safe='')}\n"),
    "json-escapes": (".json", _escaped_json),
    "zip": (".zip", lambda p: packed_zip({"inner/a.env": p.env})),
    "wheel": (".whl", lambda p: packed_zip({"pkg/settings.py": p.env, "pkg-1.dist-info/RECORD": ""})),
    "jar-in-war": (".war", lambda p: packed_zip({"WEB-INF/lib/a.jar": packed_zip({"a.properties": p.env})})),
    "tar": (".tar", lambda p: packed_tar({"a.env": p.env})),
    "tar-gz": (".tgz", lambda p: gzip.compress(packed_tar({"a.env": p.env}), mtime=0)),
    "tar-bz2": (".tar.bz2", lambda p: bz2.compress(packed_tar({"a.env": p.env}))),
    "tar-xz": (".tar.xz", lambda p: lzma.compress(packed_tar({"a.env": p.env}))),
    "gz": (".log.gz", lambda p: gzip.compress(p.env.encode(), mtime=0)),
    "image-layer": (".tar", _image),
    "image-history": (".tar", _image_history),
    "oci-layer": (".tar", _oci),
}


def _percent(key: str) -> str:
    return quote(key, safe="").replace("-", "%2D").replace("_", "%5F").replace(".", "%2E")
