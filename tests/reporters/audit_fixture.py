"""One rich audit, made by hand, whose every text came from somebody hostile."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from shadowscan.model.audit import Audit, InventoryItem, ResidencyItem, Run, Tool
from shadowscan.model.finding import (
    CodeLocation,
    Cost,
    Evidence,
    Finding,
    Fix,
    Locator,
    RegionRef,
    Subject,
    Suppression,
    Triage,
    VendorRef,
    fingerprint,
)
from shadowscan.model.outcome import (
    BlindSpot,
    Collected,
    Evaluated,
    Failed,
    NotEvaluable,
    Partial,
    RuleFailed,
    RuleReport,
    Skipped,
    SourceReport,
)
from shadowscan.model.owner import Owner, OwnerEvidence
from shadowscan.model.report import Period, Report, Section
from shadowscan.model.severity import Confidence, Severity
from shadowscan.model.window import Window

ANSI = "\x1b[31mred\x1b[0m"
SCRIPT = "</script><script src=https://evil.example/x.js></script>"
IMAGE = '"><img src=https://evil.example/p.png onerror=alert(1)>'
FORMULA = "=cmd|'/C calc'!A0"
COMMAND = "x\n::error file=a::owned"
MARKUP = "[bold red]loud[/] [link=https://evil.example]click[/link]"
REVERSED = "safe\u202egnp.exe"
PATH = "config dir/ü%\n::error::.env"

SEARCH = Owner(
    "search",
    "conflict",
    0.55,
    "cidr 10.1.0.0/16",
    (OwnerEvidence("cidr", "10.1.0.0/16", "search", 0.55), OwnerEvidence("tag", "team", IMAGE, 0.5)),
)


def make_audit() -> Audit:
    """The fixture: findings of every state, sources and rules of every outcome."""
    return Audit(
        tool=Tool("shadowscan", "0.1.0", "r" * 16, "2026.10", "p" * 16),
        run=Run("run-1", at(3, 8), at(3, 9), Window(at(1), None), "duckdb", complete=False),
        sources=_sources(),
        rules=_rules(),
        coverage=(
            BlindSpot("no policy was given", f"every vendor counts as unapproved {SCRIPT}", ("egress.b", "egress.a")),
        ),
        findings=(_known(), _bill(), _key(), _lead(), _network(), _resolved()),
        inventory=(
            InventoryItem(
                "arn:aws:lambda:x", "openai", "api", "unapproved", "direct", SEARCH, "us", 9, 2, at(1), at(2)
            ),
            InventoryItem(FORMULA, "anthropic", "api", "approved", "gateway", SEARCH, "unknown", 0, 1, None, None),
        ),
        residency=(
            ResidencyItem("arn:aws:lambda:x", "openai", "api", "us", "R2", "possible", SCRIPT, "inferenceRegion"),
        ),
        notes=(f"no policy.yaml {ANSI}",),
    )


def make_report() -> Report:
    """A report with every chart a reporter draws."""
    return Report(
        name="attribution",
        title="Who spends what",
        period=Period("2026-07-01", "2026-10-01", provisional=True),
        previous=Period("2026-04-01", "2026-07-01"),
        currency="USD",
        figures={"total_api_spend": "1200.50", "growth_percent": 40.1, "adoption": None, "by_team": [{"team": SCRIPT}]},
        sections=(
            Section(
                "By team", ("team", "spend"), ((FORMULA, Decimal("900.50")), (SCRIPT, Decimal("300"))), chart="bar"
            ),
            Section("Bridge", ("driver", "change"), (("volume", 500), (MARKUP, -200)), "Why it grew", "waterfall"),
            Section("Accounts", ("account", "kind", "seen"), (("proj_1", None, at(1)),)),
            Section("Empty", ("a",), ()),
        ),
    )


def at(day: int, hour: int = 0) -> datetime:
    """A moment of October 2026, UTC."""
    return datetime(2026, 10, day, hour, tzinfo=UTC)


def _sources() -> tuple[SourceReport, ...]:
    return (
        SourceReport("s3://logs/flow", "aws_vpc_flow", Collected({"flow": 10}, rejected=1), at(1), at(2)),
        SourceReport(
            "broken.gz", "aws_vpc_flow", Partial({"flow": 3}, 2, "gzip ends early; copy it again"), at(1), at(1)
        ),
        SourceReport(f"notes\n{COMMAND}.bin", "", Skipped("nothing recognised")),
        SourceReport(f"bill{SCRIPT}.csv", "focus", Failed(f"no header {ANSI}")),
    )


def _rules() -> tuple[RuleReport, ...]:
    return (
        RuleReport("residency.out-of-region", "1.0.0", "finding", NotEvaluable("policy.yaml has no residency section")),
        RuleReport("egress.unapproved-vendor", "1.2.0", "finding", Evaluated(1, 10)),
        RuleReport("keys.leaked-key", "1.0.0", "finding", Evaluated(2, 4)),
        RuleReport("gateway.homemade", "1.0.0", "finding", Evaluated(0, 4)),
        RuleReport("spend.growth", "1.0.0", "finding", RuleFailed(f"division by zero {COMMAND}")),
    )


def _network() -> Finding:
    return Finding(
        fingerprint=fingerprint("egress.unapproved-vendor", {"subject_id": "arn:aws:lambda:x"}),
        rule_id="egress.unapproved-vendor",
        rule_version="1.2.0",
        type="finding",
        title=f"Traffic to an unapproved vendor {MARKUP}",
        message=f"ranker {ANSI} sent 1.2 MB to OpenAI {{0}} [here](https://evil.example) {IMAGE}",
        severity=Severity.HIGH,
        confidence=Confidence.MEDIUM,
        subject=Subject("workload", "arn:aws:lambda:x", COMMAND, "111122223333", "vpc-0a"),
        first_seen_at=at(1, 5),
        last_seen_at=at(2, 6),
        event_count=12,
        remediation=f"Use the gateway. Or ask. {SCRIPT}",
        aliases=("b" * 32, "a" * 32),
        triage=Triage("disputed", "someone", "2026-10-02", "ours?"),
        vendor=VendorRef("openai", "OpenAI", ("files", "api"), "unapproved"),
        region=RegionRef("us", "us", "R2", "possible"),
        owner=SEARCH,
        bytes_out=1_200_000,
        bytes_in=7,
        evidence=(
            Evidence("flow", f"10.1.2.3 to 1.2.3.4:443 {SCRIPT}", "aws_vpc_flow", Locator("s3://logs/a.gz", 3)),
            Evidence("dns_answer", "api.openai.com", "route53_resolver", Locator("dns.log", None, "7", "sha256:1")),
        ),
        fix=Fix("manual", "hours", (f"Point base_url at the gateway {ANSI}",), ("no key yet",), "-a\n+b\n"),
        references=("https://docs.example/gateway", "javascript:alert(1)"),
        tags=("egress",),
    )


def _key() -> Finding:
    return replace(
        _network(),
        fingerprint=fingerprint("keys.leaked-key", {"key": "1"}),
        rule_id="keys.leaked-key",
        rule_version="1.0.0",
        title=FORMULA,
        message="A key of Anthropic stands in HEAD",
        severity=Severity.CRITICAL,
        subject=Subject("key", "acme/api/k1", REVERSED),
        locations=(
            CodeLocation("acme/api", "old.env", 2, "c" * 40, "A <a@acme.example>", at(1), in_head=False),
            CodeLocation("acme/api", PATH, 7, None, FORMULA, None, in_head=True),
            CodeLocation("acme/web", "", 0, "d" * 40, "", at(2), in_head=True),
            CodeLocation("acme/web", "a.zip!inner/x.env", 0, "d" * 40, "", at(2), in_head=True),
        ),
        triage=None,
        owner=Owner(None, "unowned", 0.0, "nothing found"),
        fix=None,
        region=None,
        bytes_out=0,
        bytes_in=0,
    )


def _known() -> Finding:
    changes = {"suppressed": Suppression("pragma: allowlist secret", "inline", None), "state": "unchanged"}
    return replace(_key(), fingerprint=fingerprint("keys.leaked-key", {"key": "2"}), locations=(), **changes)


def _bill() -> Finding:
    return replace(
        _network(),
        fingerprint=fingerprint("spend.unattributed-account", {"account": "proj_1"}),
        rule_id="spend.unattributed-account",
        title="Nobody owns this account",
        severity=Severity.MEDIUM,
        subject=Subject("account", "account:openai/proj_1", "proj_1"),
        state="updated",
        baselined=True,
        cost=Cost(Decimal("1200.50"), "USD"),
        region=None,
    )


def _lead() -> Finding:
    changes = {"type": "lead", "severity": Severity.INFO, "vendor": None, "not_rechecked": "the source was not read"}
    identity = {"host": "llm.example"}
    return replace(
        _network(),
        fingerprint=fingerprint("hunt.unknown-llm-endpoint", identity),
        rule_id="hunt.unknown-llm-endpoint",
        state="unchanged",
        **changes,
    )


def _resolved() -> Finding:
    key = fingerprint("egress.unapproved-vendor", {"subject_id": "gone"})
    return replace(_network(), fingerprint=key, state="resolved", first_seen_at=None, last_seen_at=None)
