"""`shadowscan doctor`: is everything here that a run needs?"""

import typer

from shadowscan.cli._options import StoreOptions, takes


def register(app: typer.Typer) -> None:
    app.command()(doctor)


@takes(StoreOptions)
def doctor(*, store_options: StoreOptions) -> int:
    """Check this machine, the files of this folder and the store. Exit 1 when something should be mended."""
    from shadowscan.doctor import check_all

    problems = 0
    for check in check_all(store_options.db, store_options.config):
        mark = "ok  " if check.is_fine else "mend"
        typer.echo(f"{mark} {check.what}: {check.detail}")
        problems += not check.is_fine
    return 1 if problems else 0
