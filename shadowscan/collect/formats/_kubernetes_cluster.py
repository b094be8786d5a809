"""One cluster's objects by name: who controls a pod, which role it has, and what the cluster is called."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

_HASHED = re.compile(r"^(?P<name>.+)-[a-z0-9]{8,10}$")
_TIMED = re.compile(r"^(?P<name>.+)-\d{8,10}$")
_CLUSTER_LABELS = (
    "alpha.eksctl.io/cluster-name",
    "cluster.x-k8s.io/cluster-name",
    "kubernetes.azure.com/cluster",
    "eks.amazonaws.com/cluster-name",
)
_ROLES = (
    "eks.amazonaws.com/role-arn",
    "iam.gke.io/gcp-service-account",
    "azure.workload.identity/client-id",
)
_PLACES = ("account_id", "vpc_id", "region")
MAXIMUM_STEPS = 8


@dataclass(frozen=True, slots=True)
class Thing:
    """One object, the parts that are read of it."""

    kind: str
    namespace: str
    name: str
    uid: str
    labels: Mapping[str, Any]
    annotations: Mapping[str, Any]
    owner: tuple[str, str] | None  # (kind, name) of what controls it
    spec: Mapping[str, Any] = field(default_factory=dict)
    status: Mapping[str, Any] = field(default_factory=dict)
    context: str = ""

    @classmethod
    def of(cls, value: Any) -> "Thing":
        """Read an object; raises where it is none."""
        if not isinstance(value, dict):
            raise value if isinstance(value, ValueError) else TypeError(f"{type(value).__name__} is no object")
        kind = str(value["kind"])
        if kind == "Config":
            return cls(kind, "", "", "", {}, {}, None, context=_context(value))
        about = value["metadata"]
        owners = [owner for owner in about.get("ownerReferences") or () if owner.get("controller", True)]
        return cls(
            kind,
            str(about.get("namespace") or ""),
            str(about["name"]),
            str(about.get("uid") or ""),
            about.get("labels") or {},
            about.get("annotations") or {},
            (str(owners[0]["kind"]), str(owners[0]["name"])) if owners else None,
            value.get("spec") or {},
            value.get("status") or {},
        )


@dataclass(frozen=True, slots=True)
class Workload:
    """What outlives a pod: its id and name, and whether the file holds the object itself."""

    id: str
    name: str
    is_listed: bool


@dataclass(frozen=True, slots=True)
class Cluster:
    """Objects by (kind, namespace, name), the cluster's own name, and where it is."""

    name: str
    things: Mapping[tuple[str, str, str], Thing]
    place: Mapping[str, str]

    def namespace(self, name: str) -> str:
        """Id of a namespace."""
        return f"k8s://{self.name}/{name}"

    def name_of(self, thing: Thing) -> str:
        """Id of an object."""
        return self._id(thing.namespace, thing.kind, thing.name)

    def workload(self, pod: Thing) -> Workload:
        """The last controller up the references; a pod without one, or of its node, stands for itself."""
        kind, name = pod.kind, pod.name
        owner, steps = pod.owner, 0
        while owner and owner[0] != "Node" and steps < MAXIMUM_STEPS:
            kind, name = owner
            known = self.things.get((kind, pod.namespace, name))
            owner, steps = known.owner if known else _guess(kind, name, pod), steps + 1
        if pod.owner and pod.owner[0] == "Node":
            name = name.removesuffix("-" + pod.owner[1])
        listed = kind not in ("Pod", "ReplicaSet") and (kind, pod.namespace, name) in self.things
        return Workload(self._id(pod.namespace, kind, name), name, listed)

    def role(self, pod: Thing) -> str:
        """The cloud identity that its service account names, else the account itself."""
        account = str(pod.spec.get("serviceAccountName") or "default")
        thing = self.things.get(("ServiceAccount", pod.namespace, account))
        named = [str(thing.annotations[key]) for key in _ROLES if key in thing.annotations] if thing else []
        return named[0] if named else f"system:serviceaccount:{pod.namespace}:{account}"

    def _id(self, namespace: str, kind: str, name: str) -> str:
        return f"k8s://{self.name}/{namespace}/{kind.lower()}/{name}"


def find_cluster(things: Iterable[Thing], options: Mapping[str, str]) -> Cluster:
    """The cluster these objects are of; what an option says goes before what they say."""
    named = {(thing.kind, thing.namespace, thing.name): thing for thing in things}
    place = {name: options[name] for name in _PLACES if options.get(name)}
    return Cluster(options.get("cluster") or _cluster_name(named), named, place)


def _cluster_name(named: Mapping[tuple[str, str, str], Thing]) -> str:
    contexts = [thing.context for thing in named.values() if thing.context]
    nodes = [thing for thing in named.values() if thing.kind == "Node"]
    notes = [{**node.annotations, **node.labels} for node in nodes]
    labels = [str(note[key]) for note in notes for key in _CLUSTER_LABELS if note.get(key)]
    system = named.get(("Namespace", "", "kube-system"))
    return next(iter([*contexts, *labels, *([system.uid] if system and system.uid else [])]), "unknown")


def _context(config: Mapping[str, Any]) -> str:
    """The cluster of the current context; an EKS context's ARN gives the name after its last slash."""
    current = str(config.get("current-context") or "")
    entries = [entry for entry in config.get("contexts") or () if entry.get("name") == current]
    name = str((entries[0].get("context") or {}).get("cluster") or current) if entries else current
    return name.rpartition("/")[2]


def _guess(kind: str, name: str, pod: Thing) -> tuple[str, str] | None:
    """The maker of a controller that the file does not hold, by the name it gives: hash or time at the end."""
    if (
        kind == "ReplicaSet"
        and (found := _HASHED.match(name))
        and name.endswith(str(pod.labels.get("pod-template-hash")))
    ):
        return "Deployment", found["name"]
    if kind == "Job" and (found := _TIMED.match(name)):
        return "CronJob", found["name"]
    return None
