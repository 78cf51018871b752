"""Which addresses there are, and which arguments each takes: what is not listed here is refused.

Datasette knows some fifty arguments, and a new version more: among them such as read other tables
than the one of the page. So none of them passes unless it is known to stay within that table, whose
rows are narrowed to the groups of the request.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.web.query import OF_SEARCH
from knowledge.store.tables import SHOWN, WITH_ROWS

MOST = 40
"""Arguments that a request may have: each filter is a condition more."""

SEARCH = "_search"
"""Datasette's own search, in whose place the front page searches."""

STREAM = "_stream"
"""What has all rows of a table sent."""

# What WeChat adds to a link that somebody passes on.
_PASSED_ON = (
    "from",
    "isappinstalled",
    "scene",
    "clicktime",
    "enterid",
    "nsukey",
)

_TOKEN = "_t"  # the pages of tables take `t` for the name of a column
_ROWS = (
    *("_size", "_next", "_sort", "_sort_desc", "_sort_by_desc", "_col", "_nocol"),
    *("_facet", "_facet_size", "_nofacet", "_nocount", "_nosuggest"),
    *("_shape", "_nl", "_header", "_dl"),
)
_FORM = re.compile(r"_filter_(?:column|op|value)(?:_\d{1,3})?")
_OPERATORS = (
    *("exact", "not", "contains", "notcontains", "startswith", "endswith", "like", "notlike"),
    *("gt", "gte", "lt", "lte", "glob", "in", "notin", "arraycontains", "arraynotcontains"),
    *("date", "isnull", "notnull", "isblank", "notblank"),
)
_FACET = "_facet"
_NOT_STREAMED = ("_sort", "_sort_desc", "_sort_by_desc", "_next", _FACET)
_FACETS = 4  # of a page; each is two queries more


@dataclass(frozen=True, slots=True)
class Page:
    """A page by its address below the prefix, with the arguments that it takes; None: any.

    `columns` is the table whose columns it is filtered by, where there is one; `streams`: it takes
    what has all rows of the table sent, in the order of their keys.
    """

    address: re.Pattern[str]
    takes: frozenset[str] | None = frozenset()
    columns: str = ""
    streams: bool = False


def _page(address: str, *takes: str, columns: str = "", streams: bool = False) -> Page:
    return Page(re.compile(address), frozenset(takes), columns, streams)


PAGES = (
    _page(r"/", *OF_SEARCH, "t", *_PASSED_ON),
    _page(r"/m/[^/]+/?", "part", "before", *OF_SEARCH, "t", *_PASSED_ON),
    _page(r"/day/[^/]+/?", "t", *_PASSED_ON),
    _page(r"/day/[^/]+/\d{4}-\d\d-\d\d", "page", "t", *_PASSED_ON),
    _page(r"/people", "group", "page", "t", *_PASSED_ON),
    _page(r"/people/[^/]+/[^/]+", "page", "t", *_PASSED_ON),
    _page(r"/archive", "t", _TOKEN),
    _page(r"/desk", "k", "said", "page", *_PASSED_ON),
    _page(r"/desk/label", "skip", "said"),
    _page(r"/desk/labels\.jsonl"),
    _page(r"/desk/(?P<act>enter|leave|answer|teach|dismiss|judge|threshold|unjudge)"),
    _page(r"/favicon\.ico|/robots\.txt"),
    # Files that are the same whatever stands behind the question mark, as their version does.
    Page(re.compile(r"/-/palou(?:-tables)?\.(?:svg|[0-9a-f]{12}\.css)|/-/static/[\w.-]+"), None),
    *(_page(rf"/archive/{t}(?:\.json)?", _TOKEN, SEARCH, *_ROWS, columns=t) for t in SHOWN),
    *(_page(rf"/archive/{t}\.csv", _TOKEN, *_ROWS, columns=t, streams=True) for t in SHOWN),
    *(
        _page(rf"/archive/(?P<table>{t})/(?P<row>\d{{1,19}})(?:\.json)?", _TOKEN, "_shape", "_nl")
        for t in WITH_ROWS
    ),
)
"""Every page that there is."""


def page_of(path: str) -> tuple[Page, Mapping[str, str]] | None:
    """The page at a path, with the named parts of its address; None: there is none."""
    for page in PAGES:
        if m := page.address.fullmatch(path):
            return page, m.groupdict()
    return None


def refused(page: Page, names: Iterable[str], columns: Iterable[str]) -> str | None:
    """The first argument that a page does not take, of those named; None: it takes them all.

    `columns` are those of its table. Rows are streamed in the order of their keys alone: any other
    is sorted anew for each thousand of them.
    """
    if page.takes is None:
        return None
    names, known = list(names), set(columns)
    streamed = STREAM in names
    if names.count(_FACET) > _FACETS:
        return _FACET
    for name in names:
        column, _, operator = name.partition("__")
        if name == STREAM and page.streams:
            continue
        if streamed and (name in _NOT_STREAMED or _FORM.fullmatch(name)):
            return name
        if name in page.takes or (page.columns and _FORM.fullmatch(name)):
            continue
        if column in known and (operator in _OPERATORS or name == column):
            continue
        return name
    return None
