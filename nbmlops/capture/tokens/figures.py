"""Figures of matplotlib, their axes and what is drawn in them: never whole.

Drawing makes ticks, works out limits and moves titles, so that not everything can count. What does:
the settings of each artist that are numbers, text or arrays, and the artists that were put into it.
A difference is a change; what else may have changed (a single tick's label, a limit) does not show.
"""

from itertools import chain
from typing import TYPE_CHECKING, Any

from nbmlops.capture.tokens.scalars import SCALARS, write_all
from nbmlops.fingerprints.python.classes import full_name, own_dict

if TYPE_CHECKING:
    from nbmlops.capture.tokens.walking import Walk

# What drawing works out or remembers.
_DRAWN = frozenset(
    "_stale _stale_viewlims _invalidx _invalidy _x _y _subslice _renderer _dpi _in_autoscale "
    "_transformed_path _transformed_points _edge_is_mapped _face_is_mapped "
    "_tick_position _label_position _autotitlepos".split()
)
# Arrays of data; others are worked out from them.
_DATA = frozenset("_xorig _yorig _offsets _facecolors _edgecolors _sizes _A".split())
_CHILDREN = (
    "_localaxes _axes _children _suptitle _supxlabel _supylabel title _left_title _right_title "
    "xaxis yaxis label legend_ patch texts lines patches artists images legends subfigs child_axes"
).split()
_STACK = "matplotlib.figure._AxesStack"


def artist(walk: "Walk", value: Any) -> None:
    """Write an artist: a figure, axes, a line, a text."""
    walk.part(id(value))
    walk.is_whole = False
    kept = own_dict(value) or {}
    walk.out.append(b"d%x;" % id(type(value)))
    names = sorted(name for name in dict.keys(kept) if type(name) is str and name not in _DRAWN)
    settings = [(name, kept[name]) for name in names if id(type(kept[name])) in SCALARS]
    row = tuple(chain.from_iterable(settings))
    if not write_all(walk, row):
        walk.follow(row)
    for name in names:
        if name in _DATA:
            walk.out.append(name.encode())
            walk.follow((kept[name],))
    for name in _CHILDREN:
        if name in kept:
            walk.out.append(name.encode())
            walk.follow(_artists(kept[name]))


def axis(walk: "Walk", value: Any) -> None:
    """Write an axis: its label and how its ticks are set."""
    artist(walk, value)
    kept = own_dict(value) or {}
    walk.out.append(b"%x;" % id(type(kept.get("_scale"))))
    walk.follow(tuple(kept.get(name) for name in ("_major_tick_kw", "_minor_tick_kw")))


def _artists(held: Any) -> tuple[Any, ...]:
    """Return the artists in an attribute, which may be one, several or none."""
    if full_name(type(held)) == _STACK:
        held = (own_dict(held) or {}).get("_axes")
    if type(held) is dict:
        return tuple(dict.keys(held))
    if type(held) is list:
        return tuple(held)
    has_attributes = held is not None and own_dict(held) is not None
    return (held,) if has_attributes and _is_artist(held) else ()


def _is_artist(value: Any) -> bool:
    from matplotlib.artist import Artist

    return issubclass(type(value), Artist)
