"""Which workload a Kubernetes pod belongs to, where the log names the pod alone."""

# Kubernetes draws the endings of pod names from this alphabet: ReplicaSet hash and pod, CronJob time and pod, pod of a
# DaemonSet, number of a StatefulSet (k8s.io/apimachinery/pkg/util/rand).
_DRAWN = "[bcdfghjklmnpqrstvwxz2456789]"
_ENDINGS = f"-(?:{_DRAWN}{{8,10}}-{_DRAWN}{{5}}|[0-9]{{8,10}}-{_DRAWN}{{5}}|{_DRAWN}{{5}}|[0-9]+)$"


def controller_of(pod_name: str) -> str:
    """A SQL expression for the name of the controller: the pod's name without the part that is drawn."""
    return f"regexp_replace({pod_name}, '{_ENDINGS}', '')"
