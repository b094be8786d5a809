"""The whole flow, one function a stage:

    target → bytes → tables → views → matches → findings → audit

`scan` is the main job, `collect_only` and `detect` are its halves. Reporters turn the audit into bytes afterwards.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from shadowscan.audit import build_audit
from shadowscan.collect.plan import plan_targets
from shadowscan.collect.run import CollectOptions, collect, collect_bytes
from shadowscan.enrich.context import EnrichContext
from shadowscan.enrich.run import enrich
from shadowscan.errors import TargetError, UsageError
from shadowscan.git.collect import collect_repository
from shadowscan.git.files import ownership_files, repo_name
from shadowscan.git.options import GitOptions
from shadowscan.git.plain import collect_plain
from shadowscan.history.baseline import apply_baseline
from shadowscan.history.settle import Settlement, settle
from shadowscan.history.suppress import apply_policy
from shadowscan.inputs import Inputs, Request, read_inputs
from shadowscan.model.audit import Audit
from shadowscan.model.finding import Finding
from shadowscan.model.outcome import Failed, RuleReport, Skipped, SourceReport
from shadowscan.model.target import Plan, RepositoryTarget
from shadowscan.progress import SILENT, Progress
from shadowscan.ruleset.assemble import assemble
from shadowscan.ruleset.run import run_rules
from shadowscan.store.connection import MEMORY, Store
from shadowscan.store.reader import write_snapshot


@dataclass(frozen=True, slots=True)
class Detected:
    """What the rules gave: settled findings and one report a rule."""

    findings: tuple[Finding, ...]
    rules: tuple[RuleReport, ...]


def scan(request: Request, progress: Progress = SILENT) -> Audit:
    """Collect the request's targets, then report and judge what rests on them. Raises `ShadowscanError`."""
    inputs = read_inputs(request)
    plan = plan_targets(request.targets, repo=request.repo, configured=inputs.config.sources)
    with Store.open(inputs.db, inputs.limits) as store:
        sources = take_in(store, plan, inputs, progress)
        refuse_if_nothing_recognised(sources, request.targets)
        return _judge(store, inputs, sources, targets_only=True, progress=progress)


def collect_only(request: Request, progress: Progress = SILENT) -> list[SourceReport]:
    """Only take in; the store's roll-ups are made again by the next `detect`."""
    inputs = read_inputs(request)
    _refuse_without_targets(inputs)
    plan = plan_targets(inputs.targets, repo=request.repo, configured=inputs.config.sources)
    with Store.open(inputs.db, inputs.limits) as store:
        sources = take_in(store, plan, inputs, progress)
        refuse_if_nothing_recognised(sources, inputs.targets)
        return sources


def detect(request: Request, progress: Progress = SILENT) -> Audit:
    """Run the rules over the whole store."""
    inputs = read_inputs(request)
    with Store.open(inputs.db, inputs.limits) as store:
        return _judge(store, inputs, [], targets_only=False, progress=progress)


def run_scheduled(request: Request, progress: Progress = SILENT) -> Audit:
    """Collect the configured sources, then judge the whole store."""
    inputs = read_inputs(request)
    _refuse_without_targets(inputs)
    plan = plan_targets(inputs.targets, repo=request.repo, configured=inputs.config.sources)
    with Store.open(inputs.db, inputs.limits) as store:
        sources = take_in(store, plan, inputs, progress)
        refuse_if_nothing_recognised(sources, inputs.targets)
        return _judge(store, inputs, sources, targets_only=False, progress=progress)


def take_in(store: Store, plan: Plan, inputs: Inputs, progress: Progress) -> list[SourceReport]:
    """Every target into its tables. A bad object fails alone."""
    options = CollectOptions(inputs.run_id, inputs.request.window, inputs.started_at)
    collected = collect(store, plan.targets, options, progress)
    reports = list(collect_plain(store, collected, plan.targets, _git_options(inputs)))
    for repository in plan.repositories:
        progress.step("collect", repository.text)
        reports.extend(_take_in_repository(store, repository, inputs, options, progress))
    reports.extend(SourceReport(path, "unrecognised", Skipped(why)) for path, why in plan.skipped)
    return reports


def _take_in_repository(
    store: Store, repository: RepositoryTarget, inputs: Inputs, options: CollectOptions, progress: Progress
) -> list[SourceReport]:
    """Keys and code signals, and the ownership files the repository holds (from BASE under `--diff`)."""
    request = inputs.request
    reports = [collect_repository(store, repository, _git_options(inputs), progress)]
    if isinstance(reports[0].outcome, Failed):
        return reports
    ref = request.diff.split("..")[0] if request.diff else "HEAD"
    scope = repo_name(repository.location, repository.repo)
    for name, data in ownership_files(repository.location, ref):
        found = collect_bytes(store, target=repository.text, name=name, data=data, scope=scope, options=options)
        if found is not None:
            reports.append(found)
    return reports


def _git_options(inputs: Inputs) -> GitOptions:
    request, policy = inputs.request, inputs.policy
    return GitOptions(
        run_id=inputs.run_id,
        collected_at=inputs.started_at,
        catalog=inputs.catalog,
        organization=policy.organization or "unset",
        diff=request.diff,
        all_secrets=request.all_secrets,
        inline_allow=policy.inline_allow,
        gateway_hosts=tuple(host for gateway in policy.gateways for host in gateway.all_hosts),
    )


def _refuse_without_targets(inputs: Inputs) -> None:
    if not inputs.targets:
        raise UsageError("there is nothing to collect", hint="list [[sources]] with a target in shadowscan.toml")


def refuse_if_nothing_recognised(sources: Sequence[SourceReport], targets: Sequence[str]) -> None:
    """Nothing to read is never a clean bill: raises `TargetError` naming what was skipped and why."""
    if all(isinstance(source.outcome, Skipped) for source in sources):
        seen = "; ".join(f"{s.target}: {s.outcome.reason}" for s in sources[:5] if isinstance(s.outcome, Skipped))
        raise TargetError(
            f"nothing recognised in {', '.join(targets) or 'the configured sources'}" + (f" ({seen})" if seen else ""),
            hint="formats are listed in docs/formats.md; force one with FORMAT=TARGET",
        )


def _judge(
    store: Store, inputs: Inputs, sources: list[SourceReport], *, targets_only: bool, progress: Progress
) -> Audit:
    context = EnrichContext(
        store, inputs.catalog, inputs.policy, inputs.owners, inputs.config, inputs.started_at, progress
    )
    progress.step("enrich")
    enrich(context)
    store.seal()
    progress.step("detect")
    detected = _detect(store, inputs, sources, targets_only=targets_only)
    audit = build_audit(context, inputs, sources, detected.findings, detected.rules, targets_only=targets_only)
    if store.path != MEMORY:
        store.unseal()
        write_snapshot(store)
    return audit


def _detect(store: Store, inputs: Inputs, sources: list[SourceReport], *, targets_only: bool) -> Detected:
    """Rules, then history, then what people said of the findings."""
    run = run_rules(store, inputs.pack, inputs.selected, inputs.rule_inputs)
    by = Settlement(
        run_id=inputs.run_id,
        at=inputs.started_at,
        window=inputs.request.window,
        sources=tuple(sources),
        rules=tuple(run.reports),
        targets_only=targets_only,
    )
    findings = settle(store, assemble(store, run, inputs.pack, inputs.catalog), by)
    stated = apply_policy(findings, inputs.policy, inputs.started_at.date())
    return Detected(tuple(apply_baseline(stated, inputs.baseline)), tuple(run.reports))
