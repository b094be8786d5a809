"""Kubernetes: what `kubectl get pods,namespaces,deployments,replicasets,… -A -o json > file.json` writes.

Real shape: `{"apiVersion": "v1", "kind": "List", "items": [object, …]}`, a `PodList` of the API, or objects one a line.

| object | rows in `asset` |
|---|---|
| Pod | one an address, `kind` pod; parent its workload, `placement` its node's address, `role` by its service account |
| Deployment, StatefulSet, DaemonSet, Job, CronJob, any other controller a pod names | one, `kind` service |
| Namespace | one, `kind` namespace: the parent of its workloads |
| ServiceAccount | none; its annotation names the cloud role of its pods |
| ReplicaSet, Service, Node, Config | none; a ReplicaSet leads on to its Deployment, Node and Config name the cluster |

The workload is found up the `ownerReferences` that control; a ReplicaSet or Job missing from the file gives its
Deployment or CronJob by the name without hash or time. Ids are `k8s://CLUSTER/NAMESPACE/kind/NAME`. The cluster is the
option `cluster` of the source, else the current context of a `kubectl config view --minify -o json` put into the same
file, else a label of its nodes, else the uid of the namespace `kube-system`, which stands for the cluster in
OpenTelemetry, else `unknown`. Options `account_id`, `vpc_id` and `region` say where the cluster is; without them the
network is that of the node's address in the cloud's inventory.

A pod of the node's network (`hostNetwork`) shares that address with all others there: it is kept without an address.
Pods that ended hold none. An address is held from `status.startTime`. Labels are kept, annotations of at most 200
characters too; specifications, environments, secrets and config maps are never read.
Doubts: names of hand-made ReplicaSets or Jobs can look as if a controller had made them.
Sources: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/,
https://kubernetes.io/docs/concepts/architecture/garbage-collection/ (ownerReferences),
https://opentelemetry.io/docs/specs/semconv/resource/k8s/ (k8s.cluster.uid),
https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from shadowscan.collect.formats._asset import Reading, Row, asset_row, insert_assets, moment, refuse
from shadowscan.collect.formats._json_documents import read_documents
from shadowscan.collect.formats._kubernetes_cluster import Cluster, Thing, find_cluster
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

_FIRST = re.compile(rb'[\xef\xbb\xbf\s]*\{\s*"(?:apiVersion|kind|items|metadata)"\s*:')
_LIST = re.compile(rb'"kind"\s*:\s*"(?:List|[A-Z]\w*List)"')
_OBJECT = re.compile(
    rb'"kind"\s*:\s*"(?:Pod|Namespace|Deployment|ReplicaSet|StatefulSet|DaemonSet|Job|CronJob|Service|Node)(?:List)?"'
)
_ENDED = frozenset({"Succeeded", "Failed"})
_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_CONTROLLERS = frozenset({"Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "ReplicationController"})
MAXIMUM_ANNOTATION = 200


class Kubernetes:
    """Objects of one cluster."""

    id = "kubernetes"
    title = "Kubernetes objects (saved kubectl get … -o json)"
    tables = ("asset",)

    def sniff(self, head: Head) -> float:
        if not _FIRST.match(head.data) or b'"apiVersion"' not in head.data or b"backstage.io/" in head.data[:400]:
            return 0.0
        if _OBJECT.search(head.data):
            return 0.9
        return 0.6 if _LIST.search(head.data) and b'"metadata"' in head.data else 0.0

    def group_key(self, item: LocalObject) -> str:
        return item.name

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        return {item.source_id: insert_assets(engine, item, _readings(item)) for item in items}


FORMAT = Kubernetes()


def _readings(item: LocalObject) -> Iterator[Reading]:
    """Every object as a reading; the cluster is known once all have been looked at."""
    things: list[tuple[int, Thing]] = []
    for number, value in enumerate(_objects(item), start=1):
        try:
            things.append((number, Thing.of(value)))
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            yield number, partial(refuse, error)
    cluster = find_cluster((thing for _, thing in things), item.options)
    workloads = {cluster.workload(thing).id for _, thing in things if thing.kind == "Pod"}
    yield from ((number, partial(_read, thing, cluster, workloads)) for number, thing in things)


def _objects(item: LocalObject) -> Iterator[Any]:
    for document in read_documents(item):
        page = document.value
        if isinstance(page, dict) and str(page.get("kind", "")).endswith("List"):
            kind = str(page["kind"]).removesuffix("List")
            for value in page.get("items") or ():
                yield {"kind": kind, **value} if isinstance(value, dict) and kind else value
        else:
            yield page


def _read(thing: Thing, cluster: Cluster, workloads: Collection[str]) -> Iterable[Row]:
    if thing.kind == "Pod":
        yield from _pod(thing, cluster)
    elif thing.kind == "Namespace":
        yield _row(cluster, cluster.namespace(thing.name), "namespace", thing, parent_id="")
    elif cluster.name_of(thing) in workloads or (thing.kind in _CONTROLLERS and not thing.owner):
        yield _row(cluster, cluster.name_of(thing), "service", thing, parent_id=cluster.namespace(thing.namespace))


def _pod(pod: Thing, cluster: Cluster) -> Iterator[Row]:
    """One row an address; the workload too where the file does not hold it, with the labels of its pods."""
    workload = cluster.workload(pod)
    shared, ended = bool(pod.spec.get("hostNetwork")), pod.status.get("phase") in _ENDED
    addresses = [] if shared or ended else [entry.get("ip") for entry in pod.status.get("podIPs") or ()]
    addresses = addresses or ([] if shared or ended else [pod.status.get("podIP")])
    for address in [str(each).lower() for each in addresses if each] or [""]:
        yield _row(
            cluster,
            cluster.name_of(pod),
            "pod",
            pod,
            address=address,
            parent_id=workload.id,
            placement="" if ended else pod.status.get("hostIP"),
            role=cluster.role(pod),
            observed_at=moment(pod.status.get("startTime")),
        )
    if not workload.is_listed:
        yield _row(cluster, workload.id, "service", pod, name=workload.name, parent_id=cluster.namespace(pod.namespace))


def _row(cluster: Cluster, asset_id: str, kind: str, thing: Thing, **places: Any) -> Row:
    written = {key: value for key, value in thing.annotations.items() if key != _APPLIED}
    notes = {key: value for key, value in written.items() if len(str(value)) <= MAXIMUM_ANNOTATION}
    tags = {**notes, **thing.labels}
    return asset_row(asset_id, kind, tags=tags, **{"name": thing.name, **cluster.place, **places})
