"""Figures of matplotlib, their axes and what is drawn in them: never whole.

Drawing makes ticks, works out limits and moves titles, so that not everything can count. What does:
the settings of each artist that are numbers, text or arrays, and the artists that were put into it.
A difference is a change; what else may have changed (a single tick's label, a limit) does not show.
"""

from itertools import chain, compress
from typing import TYPE_CHECKING, Any

from nbmlops.capture.tokens.scalars import SCALARS, small_scalar
from nbmlops.fingerprints.python.classes import derives, full_name, own_dict

if TYPE_CHECKING:
    from nbmlops.capture.tokens.walking import Walk

# What drawing works out or remembers.
_DRAWN = frozenset(
    "_stale _stale_viewlims _invalidx _invalidy _x _y _subslice _renderer _dpi _in_autoscale "
    "_transformed_path _transformed_points _edge_is_mapped _face_is_mapped "
    "_tick_position _label_position _autotitlepos".split()
)
# Arrays of data; others are worked out from them.
_DATA = "_xorig _yorig _offsets _facecolors _edgecolors _sizes _A".split()
_CHILDREN = (
    "_localaxes _children _suptitle _supxlabel _supylabel title _left_title _right_title "
    "xaxis yaxis label legend_ patch texts lines patches artists images legends subfigs child_axes"
).split()
_STACK = "matplotlib.figure._AxesStack"


def artist(walk: "Walk", value: Any) -> None:
    """Write an artist: a figure, axes, a line, a text."""
    walk.part(id(value))
    walk.is_whole = False
    kept = own_dict(value) or {}
    settings = small_scalar(_settings(kept))
    data = [name for name in _DATA if name in kept]
    children = [(name, _artists(kept[name])) for name in _CHILDREN if name in kept]
    held = small_scalar((data, [(name, len(artists)) for name, artists in children]))
    if walk.takes_bytes(len(settings)):
        walk.out.append(b"d%x;" % id(type(value)) + settings + held)
    walk.follow([kept[name] for name in data])
    walk.follow([one for _, artists in children for one in artists])


def axis(walk: "Walk", value: Any) -> None:
    """Write an axis: its label and how its ticks are set."""
    artist(walk, value)
    kept = own_dict(value) or {}
    walk.out.append(b"%x;" % id(type(kept.get("_scale"))))
    walk.follow(tuple(kept.get(name) for name in ("_major_tick_kw", "_minor_tick_kw")))


def _settings(kept: dict[Any, Any]) -> tuple[Any, ...]:
    """Return the names and values of attributes that are numbers or text."""
    names, values = dict.keys(kept), dict.values(kept)
    are_scalars = map(SCALARS.__contains__, map(id, map(type, values)))
    settings = [
        (name, one)
        for name, one in compress(zip(names, values, strict=True), are_scalars)
        if type(name) is str and name not in _DRAWN
    ]
    settings.sort()  # by their names, of which none is there twice
    return tuple(chain.from_iterable(settings))


def _artists(held: Any) -> tuple[Any, ...]:
    """Return the artists in an attribute, which may be one, several or none."""
    kind = type(held)
    if kind is list:
        return tuple(held)
    if held is None or id(kind) in SCALARS:
        return ()
    if full_name(kind) == _STACK:
        held = (own_dict(held) or {}).get("_axes")
        return tuple(dict.keys(held)) if type(held) is dict else ()
    return (held,) if _is_artist(kind) else ()


def _is_artist(kind: type) -> bool:
    from matplotlib.artist import Artist

    return derives(kind, Artist)
