"""The knowledge base: Markdown articles that the agent may answer from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from support_cli.domain.article import Article
from support_cli.domain.passages import Passage, rank
from support_cli.domain.terms import plain, terms
from support_cli.errors import NotFound, ReplyLost, UsageError
from support_cli.services.article_files import ARTICLE_LIMIT, ArticleFile, read_files
from support_cli.services.paging import every_row, overlook
from support_cli.services.ports import Clock, Documents

_LOST_REPLIES = 5  # connections in a row that broke before the store answered
_CANDIDATES = 40  # articles that are ranked for one question
_TITLE = re.compile(r"^#\s+(.+?)\s*#*\s*$", re.MULTILINE)
_HINT = "support admin knowledge list"


class Knowledge:
    """Keeps the articles, and finds the passages that speak of a question."""

    def __init__(self, documents: Documents, clock: Clock) -> None:
        self._documents = documents
        self._clock = clock

    def add(
        self, paths: Sequence[Path], by: str, skip: Callable[[Path], None] = lambda _: None
    ) -> list[Article]:
        """Add Markdown files, and those in folders; an article with the same name is replaced.

        Args:
            paths: the files and folders.
            by: who adds them.
            skip: is told of what a folder has in an article's place: links are not followed.

        Raises:
            UsageError: a file cannot be read, is a link, no text, empty or too long, or two would
                be the same article. Nothing is added.
        """
        files = {file.path.resolve(): file for path in paths for file in read_files(path, skip)}
        articles = [self._read(file, by) for file in files.values()]
        _refuse_twins(articles)
        for article in articles:
            self._store(article)
        return articles

    def list(self) -> list[Article]:
        """List every article, by title, without its text."""
        find = partial(self._documents.find, Article, fields=("id", "title", "at", "by"))
        return [
            Article(row["id"], row["title"], "", (), row["at"], row["by"])
            for row in every_row(find, overlook)
        ]

    def show(self, id: str) -> Article:
        """Load one article.

        Raises:
            NotFound: there is none.
        """
        article = self._documents.get(Article, id)
        if article is None:
            raise NotFound(f"There is no article {id}.", hint=_HINT)
        return article

    def remove(self, id: str) -> None:
        """Remove one article.

        Raises:
            NotFound: there is none.
        """
        if not self._documents.delete(Article, id):
            raise NotFound(f"There is no article {id}.", hint=_HINT)

    def passages(self, question: str, limit: int = 5) -> Sequence[Passage]:
        """Find the sections that speak of a question, the best first."""
        found = self._documents.search(Article, terms(question), _CANDIDATES)
        return rank(question, found, limit)

    def _read(self, file: ArticleFile, by: str) -> Article:
        text = _text(file)
        title = _TITLE.search(text)
        return Article(
            id=_slug(file.path),
            title=title[1] if title else file.path.stem,
            text=text,
            terms=tuple(sorted(set(terms(text)))),
            at=self._clock.now(),
            by=by,
        )

    def _store(self, article: Article) -> None:
        lost = 0
        while True:
            try:
                if self._stored(article):
                    return
            except ReplyLost:
                # Storing it again makes it the same article.
                lost += 1
                if lost == _LOST_REPLIES:
                    raise

    def _stored(self, article: Article) -> bool:
        if self._documents.insert(article):
            return True
        known = self._documents.get(Article, article.id)
        return known is not None and self._documents.replace(
            replace(article, version=known.version)
        )


def _text(file: ArticleFile) -> str:
    if len(file.raw) > ARTICLE_LIMIT:
        raise UsageError(f"{file.path} is too long: an article takes at most 256 KiB.")
    try:
        text = file.raw.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise UsageError(f"{file.path} is not UTF-8 text.") from exc
    if "\0" in text:
        raise UsageError(f"{file.path} is not text.")
    if not text.strip():
        raise UsageError(f"{file.path} is empty.")
    return text


def _refuse_twins(articles: Sequence[Article]) -> None:
    name, files = Counter(article.id for article in articles).most_common(1)[0]
    if files > 1:
        raise UsageError(f"{files} of these files would be the article {name}.")


def _slug(file: Path) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", plain(file.stem)).strip("-")
    if not slug:
        raise UsageError(f"{file} has no name that an article could have.")
    return slug
