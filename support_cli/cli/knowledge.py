"""The articles the agent may answer from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, ClassVar

import typer

from support_cli.cli import schema
from support_cli.cli.invocation import desk_of
from support_cli.cli.options import AsAdmin, Json
from support_cli.cli.output import data, note, say, table
from support_cli.cli.parsing import Command, Group


class Commands(Group):
    """What an admin does with articles."""

    modules: ClassVar[Mapping[str, str]] = dict.fromkeys(
        ("add", "list", "show", "remove"), __name__
    )


app = typer.Typer(name="knowledge", cls=Commands, no_args_is_help=True, rich_markup_mode=None)
ArticleId = Annotated[
    str, typer.Argument(metavar="ARTICLE", show_default=False, help="The article's id.")
]


@app.callback()
def articles() -> None:
    """Keep the articles that the agent may answer from."""


@app.command("add", cls=Command)
def add(
    ctx: typer.Context,
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH",
            parser=Path,
            show_default=False,
            help="Markdown files, or folders of them.",
        ),
    ],
    by: AsAdmin = None,
    json: Json = False,
) -> None:
    """Add Markdown articles, or replace those that were added before; links are not followed."""
    with desk_of(ctx) as desk:
        skipped = list[Path]()
        added = desk.knowledge.add(paths, desk.admin(by).name, skipped.append)
        if json:
            told = [schema.article(each) for each in added]
            data(schema.document(articles=told, skipped=list(map(str, skipped)), next=None))
            return
        for each in added:
            say(f"Added {each.id}: {each.title}")
        for path in skipped:
            note(f"Not followed: {path} is a link, or no file.")


@app.command("list", cls=Command)
def list_(ctx: typer.Context, json: Json = False) -> None:
    """List the articles."""
    with desk_of(ctx) as desk:
        found = desk.knowledge.list()
        if json:
            data(schema.document(articles=[schema.article(each) for each in found], next=None))
        elif found:
            table(("ID", "TITLE"), [(each.id, each.title) for each in found], (40,))
        else:
            note(f"No articles in {desk.documents.name}.")


@app.command("show", cls=Command)
def show(ctx: typer.Context, article: ArticleId, json: Json = False) -> None:
    """Print an article."""
    with desk_of(ctx) as desk:
        found = desk.knowledge.show(article)
        if json:
            data(schema.document(article=schema.article(found)))
        else:
            say(found.text)


@app.command("remove", cls=Command)
def remove(ctx: typer.Context, article: ArticleId, json: Json = False) -> None:
    """Remove an article."""
    with desk_of(ctx) as desk:
        found = desk.knowledge.show(article)
        desk.knowledge.remove(found.id)
        if json:
            data(schema.document(article=schema.article(found)))
        else:
            say(f"Removed {found.id}.")
