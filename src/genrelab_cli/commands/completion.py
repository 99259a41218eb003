"""`genrelab completion`: the script by which a shell completes commands and options."""

import click

SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the script that completes genrelab's commands and options with the Tab key. SHELL is yours.

    \b
    echo 'eval "$(genrelab completion bash)"' >> ~/.bashrc
    echo 'eval "$(genrelab completion zsh)"' >> ~/.zshrc
    genrelab completion fish > ~/.config/fish/completions/genrelab.fish
    """
    from click.shell_completion import get_completion_class

    made = get_completion_class(shell)
    if made is None:
        raise click.UsageError(f"click has no completion for {shell}")
    click.echo(made(context.find_root().command, {}, "genrelab", "_GENRELAB_COMPLETE").source())
