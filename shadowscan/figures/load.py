"""Reports as data: `reports/*.yaml`, one a report; found in the installed package or in the checkout."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from shadowscan.documents import Entry, check, nearest, read_yaml
from shadowscan.errors import NotYetError, UsageError

ChartWord = Literal["bar", "line", "stacked", "waterfall", "matrix", "table", "number"]


class SectionSpec(Entry):
    """One section: rows by `sql` over the views, or a `figure` by name."""

    title: str = Field(min_length=1)
    text: Annotated[str, StringConstraints(strip_whitespace=True)] = ""
    sql: str = ""
    figure: str = ""
    chart: ChartWord = "table"

    @model_validator(mode="after")
    def _has_one_source(self) -> "SectionSpec":
        if bool(self.sql) == bool(self.figure):
            raise ValueError("give the section `sql` or `figure`, one of the two")
        return self


class ReportSpec(Entry):
    """One report. `figures` names the set of figures it computes; `status: reserved` says it is not built yet."""

    id: str = Field(min_length=1)
    title: str = Field(min_length=1)
    audience: str = ""
    status: Literal["stable", "reserved"] = "stable"
    figures: Literal["", "attribution", "adoption", "budget", "reconciliation"] = ""
    sections: tuple[SectionSpec, ...] = ()


def reports_folder() -> Path:
    """Where the reports stand: inside the wheel, else beside the package in a checkout."""
    package = Path(__file__).resolve().parent.parent
    packed = package / "_packs" / "reports"
    return packed if packed.is_dir() else package.parent / "reports"


def report_names(folder: Path | None = None) -> tuple[str, ...]:
    """Ids of every report, sorted."""
    return tuple(sorted(path.stem for path in (folder or reports_folder()).glob("*.yaml")))


def load_report(name: str, folder: Path | None = None) -> ReportSpec:
    """The report of that name; raises `UsageError` where there is none, `NotYetError` where it is only reserved."""
    names = report_names(folder)
    if name not in names:
        raise UsageError(f"there is no report {name!r}", hint=nearest(name, names).lstrip("; "))
    spec = check(ReportSpec, read_yaml((folder or reports_folder()) / f"{name}.yaml"))
    if spec.status == "reserved":
        raise NotYetError(f"report {name}")
    return spec
