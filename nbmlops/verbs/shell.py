"""The command that teaches a shell to complete nbmlops."""

import click

from nbmlops.verbs.base import Answer, group


@group.command(
    epilog="""\b
Examples:
  eval "$(nbmlops completion bash)"      in ~/.bashrc
  nbmlops completion fish > ~/.config/fish/completions/nbmlops.fish"""
)
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
def completion(shell: str) -> Answer:
    """Print the script that makes a shell complete nbmlops: verbs, options, runs, filters."""
    from click.shell_completion import get_completion_class

    from nbmlops.answers import Script

    found = get_completion_class(shell)
    assert found is not None
    script = found(group, {}, "nbmlops", "_NBMLOPS_COMPLETE").source()
    return Answer(Script(script), headline=script, is_drawn=False)
