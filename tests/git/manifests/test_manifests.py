"""Declared and locked packages, in every kind of file of every ecosystem."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shadowscan.git.signals_manifest import ecosystems
from tests.git.seen import lines, seen

DECLARED = [
    ("requirements.txt", "flask\nopenai==2.8.0", "openai", 2),
    ("requirements-prod.txt", "openai[datalib]>=2", "openai", 1),
    ("requirements.in", "openai", "openai", 1),
    ("pyproject.toml", '[project]\nname = "a"\ndependencies = ["openai>=2"]', "openai", 3),
    ("pyproject.toml", '[project.optional-dependencies]\nllm = ["anthropic"]', "anthropic", 2),
    ("pyproject.toml", '[dependency-groups]\nllm = ["anthropic"]', "anthropic", 2),
    ("pyproject.toml", '[tool.poetry.dependencies]\npython = "^3.11"\nopenai = "^2"', "openai", 3),
    ("pyproject.toml", '[tool.poetry.group.llm.dependencies]\nopenai = {version = "^2"}', "openai", 2),
    ("Pipfile", '[packages]\nopenai = "*"', "openai", 2),
    ("setup.py", 'setup(install_requires=[\n  "openai>=2",\n])', "openai", 2),
    ("setup.cfg", "[options]\ninstall_requires =\n  openai>=2", "openai", 3),
    ("environment.yml", "dependencies:\n  - openai=2.8", "openai", 2),
    ("package.json", '{"dependencies": {\n"openai": "^5"}}', "openai", 2),
    ("package.json", '{"devDependencies": {"@anthropic-ai/sdk": "1"}}', "anthropic", 1),
    ("deno.json", '{"imports": {\n"ai": "npm:openai@^5"}}', "openai", 2),
    ("go.mod", "module a\nrequire github.com/anthropics/anthropic-sdk-go v1.2.0", "anthropic", 2),
    (
        "pom.xml",
        "<dependency>\n<groupId>com.openai</groupId>\n<artifactId>openai-java</artifactId>\n</dependency>",
        "openai",
        3,
    ),
    ("build.gradle", "dependencies {\n implementation 'com.openai:openai-java:2.0.0'\n}", "openai", 2),
    ("build.gradle.kts", 'implementation("com.anthropic:anthropic-java:1.0")', "anthropic", 1),
    ("libs.versions.toml", '[libraries]\na = { module = "com.openai:openai-java", version = "1" }', "openai", 2),
    ("A.csproj", '<PackageReference Include="OpenAI" Version="2.0.0" />', "openai", 1),
    ("Directory.Packages.props", '<PackageVersion Include="Azure.AI.OpenAI" Version="2" />', "azure-openai", 1),
    ("Cargo.toml", '[dependencies]\nasync-openai = "0.20"', "openai", 2),
    ("Cargo.toml", '[workspace.dependencies]\nasync-openai = { version = "0.20" }', "openai", 2),
    ("Gemfile", 'gem "ruby-openai", "~> 8"', "openai", 1),
    ("a.gemspec", 's.add_dependency "anthropic"', "anthropic", 1),
    ("composer.json", '{"require": {\n"anthropic-ai/sdk": "^1"}}', "anthropic", 2),
]
LOCKED = [
    ("poetry.lock", '[[package]]\nname = "openai"', "openai"),
    ("uv.lock", '[[package]]\nname = "openai"', "openai"),
    ("package-lock.json", '{"packages": {\n    "node_modules/openai": {\n', "openai"),
    ("yarn.lock", '"@anthropic-ai/sdk@^1":\n', "anthropic"),
    ("pnpm-lock.yaml", "packages:\n  openai@5.0.0:\n", "openai"),
    ("go.sum", "github.com/openai/openai-go v1.2.0 h1:abc=", "openai"),
    ("go.mod", "require github.com/openai/openai-go v1.2.0 // indirect", "openai"),
    ("Cargo.lock", '[[package]]\nname = "async-openai"', "openai"),
    ("Gemfile.lock", "    ruby-openai (8.0)", "openai"),
    ("composer.lock", '      "name": "anthropic-ai/sdk",', "anthropic"),
    ("packages.lock.json", '{\n  "dependencies": {\n    "net8.0": {\n      "OpenAI": {\n', "openai"),
]


@pytest.mark.parametrize(("path", "text", "vendor", "line"), DECLARED)
def test_package_when_declared_then_vendor_and_line(path: str, text: str, vendor: str, line: int) -> None:
    assert seen(path, text) == {("sdk", vendor)}
    assert lines(path, text, "sdk") == [line]


@pytest.mark.parametrize(("path", "text", "vendor"), LOCKED)
def test_package_when_only_locked_then_of_lower_weight(path: str, text: str, vendor: str) -> None:
    assert seen(path, text) == {("lockfile", vendor)}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("package.json", '{"name": "x", "scripts": {"openai": "run"}, "keywords": ["openai"]}'),
        ("pyproject.toml", '[tool.ruff]\nselect = ["openai"]'),
        ("requirements.txt", "# openai\nopenai-of-ours==1"),
        ("pom.xml", "<dependency><groupId>org.acme</groupId><artifactId>openai-java</artifactId></dependency>"),
        ("requirements.txt", "boto3==1.35\ntiktoken\nhuggingface-hub"),
        ("go.mod", "module github.com/openai/openai-go"),
        ("Cargo.toml", '[package]\nname = "async-openai"'),
    ],
)
def test_name_when_it_declares_no_vendor_then_silent(path: str, text: str) -> None:
    assert seen(path, text) == set()


def test_framework_when_declared_then_no_vendor_is_named() -> None:
    assert seen("requirements.txt", "langchain==1") == {("sdk", "unknown")}


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=400), st.sampled_from([pattern for e in ecosystems() for pattern, _ in e.files]))
def test_reader_when_text_is_hostile_then_total(text: str, pattern: str) -> None:
    name = pattern.replace("*", "x")
    readers = [reader for ecosystem in ecosystems() if (reader := ecosystem.reader_of(name))]

    assert all(isinstance(list(reader(text)), list) for reader in readers)
    assert readers
