"""The program `genrelab`: one command per flow, and commands that show or manage the results.

Only click is imported here, so that `genrelab --help` and `genrelab tables` are fast.
"""

import sys
from pathlib import Path

import click

from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.proxies import spare_loopback
from genrelab_cli.commands.completion import completion
from genrelab_cli.commands.drift import drift
from genrelab_cli.commands.flow_commands import FLOW_COMMANDS, rules_option
from genrelab_cli.commands.sql import sql
from genrelab_cli.layout import Commands, painted
from genrelab_cli.streams import flush, open_closed

INTERRUPTED = 130


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="Sources can also be set in genrelab.toml or by GENRELAB_SPOTIFY, GENRELAB_FMA, GENRELAB_ORIGIN.",
)
@click.version_option(package_name="genrelab")
@click.option("--verbose", is_flag=True, help="Show the traceback of an unexpected error.")
def cli(verbose: bool) -> None:
    """Turn raw music data into validated tables, genre models and a report.

    \b
    genrelab nightly                      run everything on built-in sample data
    genrelab nightly --spotify pulls/     run everything on your own Spotify pulls
    genrelab train --budget thorough      run one flow alone
    genrelab tables                       list the tables of the lake
    """


for flow_command in FLOW_COMMANDS:
    cli.add_command(flow_command)


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--notes", is_flag=True, help="Show every warning and note of each table.")
def tables(as_json: bool, notes: bool) -> None:
    """List the tables of the lake. Shows versions, record counts and caveats (changes that affect the meaning).

    \b
    genrelab tables
    genrelab tables --notes
    genrelab tables --json
    """
    from genrelab_cli.commands.tables import print_tables

    print_tables(as_json=as_json, notes=notes)


@cli.command()
@click.argument("table")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--force", is_flag=True, help="Replace FILE if it exists, without asking.")
def export(table: str, file: Path, force: bool) -> None:
    """Export one TABLE to a .parquet or .csv FILE. An existing file is only replaced after a question, or by --force.

    \b
    genrelab export spotify_binned binned.csv
    genrelab export fma_tracks tracks.parquet --force
    """
    from genrelab_cli.commands.tables import export_table

    export_table(table, file, force=force)


@cli.group()
def rules() -> None:
    """Audit the genre rules, explain what they do to a micro-genre, or check a rule file."""


@rules.command("audit")
@rules_option("--rules", "Rule set to audit.  [the active one]")
@rules_option("--against", "Rule set to compare it with.  [classic; reviewed if classic is audited]")
@click.option(
    "--limit", default=20, show_default=True, type=click.IntRange(1), help="Maximum rows of each list."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, including every micro-genre.")
def rules_audit(rules: str | None, against: str | None, limit: int, as_json: bool) -> None:
    """Show coverage, gaps and conflicts of a rule set on the newest tracks, and compare it with another.

    \b
    genrelab rules audit
    genrelab rules audit --rules reviewed --against classic
    genrelab rules audit --rules my_rules.toml --json
    """
    from genrelab_cli.commands.rules import print_audit

    print_audit(rules, against, as_json=as_json, shown=limit)


@rules.command("explain")
@click.argument("micro_genre")
@click.option(
    "--rules", "given", multiple=True, metavar="NAME", help="Rule set: name or path.  [all that run]"
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def rules_explain(micro_genre: str, given: tuple[str, ...], as_json: bool) -> None:
    """Explain which rule decides a micro-genre and why, and list tracks that carry it.

    \b
    genrelab rules explain "indie r&b"
    genrelab rules explain "folk metal" --rules reviewed
    genrelab rules explain bebop --rules my_rules.toml --json
    """
    from genrelab_cli.commands.explain import print_explanation

    print_explanation(micro_genre, given, as_json=as_json)


@rules.command("check")
@click.argument("file")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def rules_check(file: str, as_json: bool) -> None:
    """List every error in a rule FILE, with its line number.

    \b
    genrelab rules check my_rules.toml
    """
    from genrelab_cli.commands.rules import check_file

    sys.exit(check_file(file, as_json=as_json))


@cli.group()
def champion() -> None:
    """Show the champions (the models in use). Restore an earlier one with rollback."""


@champion.command("show")
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def champion_show(name: str | None, as_json: bool) -> None:
    """Show each champion, since when and why; with NAME also its scores and all versions.

    \b
    genrelab champion show
    genrelab champion show spotify-bins-reviewed
    """
    from genrelab_cli.commands.champion import print_champions

    print_champions(name, as_json=as_json)


@champion.command("rollback")
@click.argument("name")
@click.option("--reason", default="", help="Reason; stored with the version.")
@click.option("--to", default="", metavar="VERSION", help="Version to restore.  [the previous champion]")
def champion_rollback(name: str, reason: str, to: str) -> None:
    """Restore the previous champion of NAME. An identical copy of the current one will not be promoted again.

    \b
    genrelab champion rollback spotify-bins-reviewed --reason "calls every ballad classical"
    genrelab champion rollback fma-top-genre --to 3
    """
    from genrelab_cli.commands.champion import roll_back

    roll_back(name, reason, to)


@cli.command("data-docs")
@click.argument("tables", nargs=-1)
def data_docs(tables: tuple[str, ...]) -> None:
    """Build Great Expectations' Data Docs. They cover TABLES, or all tables, and go to data/validation_docs.

    \b
    genrelab data-docs
    genrelab data-docs spotify_tracks fma_tracks
    """
    from genrelab_cli.commands.data_docs import build_data_docs

    build_data_docs(tables)


@cli.group()
def quarantine() -> None:
    """Show rejected records and the reasons, or admit them."""


@quarantine.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def quarantine_list(as_json: bool) -> None:
    """List how many records each rule rejected.

    \b
    genrelab quarantine list
    """
    from genrelab_cli.commands.quarantine import print_list

    print_list(as_json=as_json)


@quarantine.command("show")
@click.argument("table")
@click.option("--limit", default=20, show_default=True, help="Maximum number of records to show.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def quarantine_show(table: str, limit: int, as_json: bool) -> None:
    """Show the rejected records of one TABLE and why each was rejected.

    \b
    genrelab quarantine show spotify_tracks --limit 100
    """
    from genrelab_cli.commands.quarantine import print_table

    print_table(table, limit, as_json=as_json)


@quarantine.command("release")
@click.argument("table")
@click.option("--rule", required=True, help="The rule, as `quarantine show` and `list` print it.")
@click.option("--reason", help="Why these rows are correct; stored with your name.")
@click.option("--withdraw", is_flag=True, help="Cancel the release.")
def quarantine_release(table: str, rule: str, reason: str | None, withdraw: bool) -> None:
    """Admit the rows of TABLE that break only this rule, now and whenever their source is read again.

    \b
    genrelab quarantine release spotify_tracks --rule "energy: 0 to 1" --reason "percent, checked by ear"
    genrelab quarantine release spotify_tracks --rule "energy: 0 to 1" --withdraw
    """
    from genrelab_cli.commands.quarantine import release_rule, withdraw_rule

    if withdraw:
        withdraw_rule(table, rule)
        return
    release_rule(table, rule, reason or "")


@cli.command()
@click.option("--port", default=4200, show_default=True, help="Port of the Prefect server.")
@click.option(
    "--pool", default="", metavar="NAME", help="Work for a Prefect work pool that several hosts share."
)
def serve(port: int, pool: str) -> None:
    """Run the scheduler. It registers every flow as a deployment and runs nightly on its cron, until Ctrl-C.

    \b
    genrelab serve
    genrelab serve --pool genrelab
    prefect deployment run bin_genres/bin_genres
    """
    from genrelab_cli.commands.serve import serve_deployments

    serve_deployments(port=port, pool=pool)


@cli.command()
@click.option("--prefect-port", default=4200, show_default=True, help="Port of the Prefect UI.")
@click.option("--mlflow-port", default=5000, show_default=True, help="Port of the MLflow UI.")
@click.option("--report-port", default=8600, show_default=True, help="Port of the report.")
@click.option("--app-port", default=5002, show_default=True, help="Port of the application.")
@click.option("--open", "opens", is_flag=True, help="Open the addresses in the browser.")
def ui(prefect_port: int, mlflow_port: int, report_port: int, app_port: int, opens: bool) -> None:
    """Serve the Prefect UI, the MLflow UI, the report and the application. They run on this machine until Ctrl-C.

    \b
    genrelab ui
    genrelab ui --open
    genrelab ui --mlflow-port 5001
    """
    from genrelab_cli.commands.ui import serve_all

    serve_all(
        prefect_port=prefect_port,
        mlflow_port=mlflow_port,
        report_port=report_port,
        app_port=app_port,
        opens=opens,
    )


@cli.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(exists=False, path_type=Path))
@click.option(
    "--csv", metavar="FILE", type=click.Path(path_type=Path), help="Also write the rows to a CSV file."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
@click.option("--write-tags", is_flag=True, help="Write the genre into the tags of the files.")
@click.option(
    "--minimum-probability",
    "least",
    default=0.5,
    show_default=True,
    type=click.FloatRange(0, 1),
    help="With --write-tags: a less probable genre is not written.",
)
@click.option(
    "--dry-run", is_flag=True, help="With --write-tags or --undo: print old -> new, and change no file."
)
@click.option("--undo", "undoes", is_flag=True, help="Put the old genres back, of PATHs or of all files.")
@click.option("--forget", "forgets", is_flag=True, help="Remove what is known of PATHs; no file is changed.")
def listen(
    paths: tuple[Path, ...],
    csv: Path | None,
    as_json: bool,
    write_tags: bool,
    least: float,
    dry_run: bool,
    undoes: bool,
    forgets: bool,
) -> None:
    """Name the genres of audio files: mp3, flac, ogg, wav, m4a. Folders are searched for them.

    Without PATH, the folders of [listen] in genrelab.toml are searched. The answers become the table
    `listened` and the page "Your music". The exit code is 1 if a file cannot be used.

    \b
    genrelab listen ~/Music
    genrelab listen one.mp3 two.flac --csv genres.csv
    genrelab listen ~/Music --write-tags --dry-run
    genrelab listen --undo
    """
    if dry_run and not (write_tags or undoes):
        raise click.UsageError("--dry-run needs --write-tags or --undo")
    if undoes + write_tags + forgets > 1:
        raise click.UsageError("--write-tags, --undo and --forget exclude each other")
    from genrelab_cli.commands.listen_tags import Tagging, undo_tags

    if undoes:
        sys.exit(undo_tags(paths, dry_run=dry_run))
    from genrelab_cli.commands.listen import forget_places, listen_to

    if forgets:
        sys.exit(forget_places(paths))
    tagging = Tagging(least, dry_run) if write_tags else None
    sys.exit(listen_to(paths, as_json=as_json, csv=csv, tagging=tagging))


@cli.command()
@click.option("--port", default=5002, show_default=True, help="Port to listen on.")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on; any but loopback needs a token.",
)
def app(port: int, host: str) -> None:
    """Serve the champions to a web page and to other programs. They answer on this machine until Ctrl-C.

    \b
    genrelab app
    GENRELAB_APP_TOKEN=... genrelab app --host 192.168.1.5
    """
    from genrelab_cli.commands.app import serve_app

    serve_app(port, host)


cli.add_command(drift)
cli.add_command(sql)
cli.add_command(completion)


@cli.command()
@click.option("--dry-run", is_flag=True, help="Show what would be removed, and remove nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def clean(dry_run: bool, as_json: bool) -> None:
    """Remove old reports, table versions and runs. The rules are in [retention] of genrelab.toml.

    Champions, the versions a rollback can restore, and the data they were trained on are always kept.

    \b
    genrelab clean --dry-run
    genrelab clean
    """
    from genrelab_cli.commands.clean import clean_home

    sys.exit(clean_home(dry_run=dry_run, as_json=as_json))


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--fix", is_flag=True, help="Correct the model addresses of a home that was moved or copied.")
def doctor(as_json: bool, fix: bool) -> None:
    """Check settings, servers and data. Each problem is listed with its fix, and makes the exit code 1.

    \b
    genrelab doctor
    genrelab doctor --json
    genrelab doctor --fix
    """
    from genrelab_cli.commands.doctor import examine

    sys.exit(examine(as_json=as_json, fix=fix))


def main() -> None:
    """Run the program; an error is one line and an exit code, with a traceback only on request."""
    open_closed()
    spare_loopback()
    sys.exit(flush(_run()))


def _run() -> int:
    """Run the command and return the exit code."""
    try:
        cli(standalone_mode=False)
    except SystemExit as ended:  # how a command returns its exit code
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.exceptions.Abort, KeyboardInterrupt):
        click.echo("stopped", err=True)
        return INTERRUPTED
    except GenrelabError as error:
        click.echo(f"{painted('genrelab:', 'red')} {error}", err=True)
        return 1
    except Exception as error:  # noqa: BLE001 - the one place that handles unexpected errors
        from genrelab_cli.failure import report_error

        return report_error(error, sys.argv[1:])
    return 0


if __name__ == "__main__":
    main()
