"""Backstage: owners by repository and function, people by group, hostile YAML."""

from pathlib import Path

import pytest

from shadowscan.collect.formats.backstage import FORMAT, reference
from shadowscan.collect.formats.interface import Head, LocalObject
from shadowscan.errors import BadInputError
from shadowscan.store.connection import MEMORY, Store

COMPONENT = """apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: ranker
  annotations:
    github.com/project-slug: Acme/Search-API
    aws.com/lambda-function-name: rank-prod
spec: {system: discovery}
---
apiVersion: backstage.io/v1alpha1
kind: System
metadata: {name: discovery}
spec: {owner: Team-A}
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {name: sam}
spec: {profile: {email: Sam@acme.example}, memberOf: [team-a]}
"""


def normalised(folder: Path, text: str, query: str) -> list[tuple[object, ...]]:
    path = folder / "catalog-info.yaml"
    path.write_text(text)
    with Store.open(MEMORY) as store:
        item = LocalObject(1, "catalog-info.yaml", str(path), Head("catalog-info.yaml", text.encode()))
        FORMAT.normalise(store.engine, [item])
        return store.query(query).rows


def test_component_without_owner_inherits_that_of_its_system(tmp_path: Path) -> None:
    linked = "select key_kind, scope, key, value from owner_claim where key_kind <> 'entity' order by key_kind"
    rows = normalised(tmp_path, COMPONENT, linked)

    assert rows == [
        ("repo_path", "acme/search-api", "**", "group:default/team-a"),
        ("resource", "", "arn:aws:lambda:*:*:function:rank-prod", "group:default/team-a"),
    ]


def test_user_is_a_person_of_their_first_group(tmp_path: Path) -> None:
    assert normalised(tmp_path, COMPONENT, "select email, team from person") == [("sam@acme.example", "team-a")]


@pytest.mark.parametrize(
    ("written", "full"), [("a", "group:default/a"), ("user:Sam", "user:default/sam"), ("x/a", "group:x/a")]
)
def test_reference_is_written_in_full(written: str, full: str) -> None:
    assert reference(written) == full


@pytest.mark.parametrize("text", ["a: [", "a: !!python/object:x y", "[" * 100_000, "a: &a {b: 1}\nc: {<<: *a}\n"])
def test_hostile_yaml_is_a_clear_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadInputError, match="YAML"):
        normalised(tmp_path, text, "select 1")


def test_sniff_wants_backstage_and_a_kind() -> None:
    assert FORMAT.sniff(Head("x", COMPONENT.encode())) > 0.5
    assert FORMAT.sniff(Head("catalog-info.yaml", b"apiVersion: v1\nkind: Pod\n")) == 0.0


GROUPS = """apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: squad-a}
spec: {type: squad, parent: search, children: []}
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: search}
spec: {type: team, children: [squad-b]}
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {name: sam}
spec: {profile: {email: Sam@acme.example}, memberOf: [squad-a]}
---
apiVersion: backstage.io/v1alpha1
kind: System
metadata: {name: discovery}
spec: {domain: products}
"""


def test_groups_users_and_systems_lead_on_for_entities_of_other_files(tmp_path: Path) -> None:
    rows = normalised(tmp_path, GROUPS, "select key, value from owner_claim where key_kind = 'entity' order by key")

    assert rows == [
        ("group:default/squad-a", "group:default/search"),
        ("system:default/discovery", "domain:default/products"),
        ("user:default/sam", "sam@acme.example"),
    ]


def test_component_of_a_system_in_another_file_names_the_system(tmp_path: Path) -> None:
    text = COMPONENT.partition("---")[0]

    rows = normalised(tmp_path, text, "select distinct value from owner_claim")

    assert rows == [("system:default/discovery",)]


def test_groups_that_lie_in_one_another_have_no_parent_and_are_counted(tmp_path: Path) -> None:
    text = "\n---\n".join(
        f"apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {{name: {name}}}\nspec: {{parent: {parent}}}"
        for name, parent in (("a", "b"), ("b", "c"), ("c", "a"), ("d", "a"), ("e", "e"))
    )
    path = tmp_path / "catalog-info.yaml"
    path.write_text(text)
    with Store.open(MEMORY) as store:
        item = LocalObject(1, "catalog-info.yaml", str(path), Head("catalog-info.yaml", text.encode()))
        result = FORMAT.normalise(store.engine, [item])[1]
        rows = store.query("select key, value from owner_claim").rows

    assert (rows, result.rejected) == ([("group:default/d", "group:default/a")], 2)
    assert "group:default/a → group:default/b → group:default/c → group:default/a" in result.reject_sample


def test_annotations_link_a_component_to_what_runs(tmp_path: Path) -> None:
    arn = "arn:aws:ecs:eu-west-1:470100000011:service/prod/web"
    text = COMPONENT.replace(
        "aws.com/lambda-function-name: rank-prod",
        f"aws.amazon.com/amazon-ecs-service-arn: {arn}\n    backstage.io/kubernetes-id: ranker",
    )

    rows = normalised(tmp_path, text, "select key_kind, key from owner_claim where key_kind <> 'entity' order by all")

    assert rows == [("kubernetes_id", "ranker"), ("repo_path", "**"), ("resource", arn)]
