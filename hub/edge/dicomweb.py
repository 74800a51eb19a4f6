"""The images of a room, as DICOMweb names them: lists (QIDO-RS) and pictures (WADO-RS rendered).

Every request is checked anew: the room admits its members only, and shows only studies that are
attached to it; one of another room answers as one that does not exist, so that a guessed UID tells
nothing. Who opened which image is noted in the room's trace.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from hub.edge.identity import Principal
from hub.edge.problems import MEDIA_TYPE as PROBLEM
from hub.edge.problems import refuse
from hub.edge.reading import granted, principal_of, services_of
from hub.imaging.look import Located, of_query
from hub.imaging.problems import ImageProblem
from hub.principal import outside_care
from hub.wire.frames import dumps

ROOT: Final = "/api/v1/rooms/{room}/dicomweb"
JSON: Final = "application/dicom+json"
KEPT: Final = "private, max-age=86400, immutable"
"""The same address gives the same picture for ever."""
ASKED_AGAIN: Final = "private, no-cache"
"""What stands for a series may change while its images arrive."""
PER_PERSON: Final = {"vary": "Cookie, Authorization"}
"""What one session may see is not taken from a browser's cache for the next."""

Attributes = dict[str, Any]


async def studies(request: Request) -> Response:
    """`GET …/studies`: the studies attached to the room."""
    _, room = await _entered(request)
    found = await services_of(request).images.studies_of(room)
    return _json([_study(one, f"{_base(room)}/{one['uid']}") for one in found])


async def series(request: Request) -> Response:
    """`GET …/studies/{study}/series`."""
    _, room = await _entered(request)
    study = await _attached(request, room)
    found = await services_of(request).images.series_of(study)
    return _json([_series(one, study, _base(room)) for one in found])


async def instances(request: Request) -> Response:
    """`GET …/studies/{study}[/series/{series}]/instances`, and `…/metadata`, which holds the same:
    what the index knows."""
    _, room = await _entered(request)
    study = await _attached(request, room)
    wanted = request.path_params.get("series", "")
    found = await services_of(request).images.series_of(study)
    told = [
        _instance(one, line, study, _base(room))
        for line in found
        if wanted in ("", line["uid"])
        for one in line["instances"]
    ]
    if not told:
        raise ImageProblem("unknown")
    return _json(told)


async def rendered(request: Request) -> Response:
    """`GET …/rendered` of a study, a series, an instance or a frame: a JPEG.

    `window=c,w[,function]`, `viewport=w,h[,sx,sy,sw,sh]`, `arrows=x,y[,fromx,fromy[,mark]];…`,
    `invert=1`.
    """
    principal, room = await _entered(request)
    images = services_of(request).images
    study = await _attached(request, room)
    look = of_query(request.query_params)
    names = request.path_params
    located = await images.locate(
        study, names.get("series", ""), names.get("sop", ""), _frame(names.get("frame"))
    )
    headers = PER_PERSON | {
        "etag": images.etag(located, look),
        "cache-control": KEPT if located.fixed else ASKED_AGAIN,
    }
    if _matches(request.headers.get("if-none-match", ""), headers["etag"]):
        _note(request, principal, room, located)
        return Response(status_code=304, headers=headers)
    jpeg = await images.picture(located, look)
    _note(request, principal, room, located)
    return Response(jpeg, 200, headers, "image/jpeg")


async def _entered(request: Request) -> tuple[Principal, str]:
    """Who asks, and the room that they may be in."""
    principal = await principal_of(request)
    room: str = request.path_params["room"]
    granted(await services_of(request).rooms.enter(principal, room))
    if outside_care(principal.role):  # an image is an identity: W-11
        raise refuse("wrong_role")
    return principal, room


async def _attached(request: Request, room: str) -> str:
    study: str = request.path_params["study"]
    images = services_of(request).images
    owner = await images.room_of(study) if len(study) <= 64 else None
    if owner == "" and await _shared_here(request, study, room) and await images.has(study):
        # shown before its files came, or before a crash between the showing and the keeping
        owner = room if await images.attach(study, room) else None
    if owner != room:
        raise ImageProblem("unknown")
    return study


async def _shared_here(request: Request, study: str, room: str) -> bool:
    live = await services_of(request).rooms.load(room)
    return live is not None and any(one.image.study_uid == study for one in live.kept.images)


def _frame(given: str | None) -> int | None:
    if given is None:
        return None
    if not (given.isascii() and given.isdecimal()) or len(given) > 6:
        raise ImageProblem("no_such_frame")
    return int(given)


def _matches(told: str, etag: str) -> bool:
    """RFC 9110 13.1.2: any of the tags, compared weakly, or `*`."""
    tags = [tag.strip().removeprefix("W/") for tag in told.split(",")]
    return etag in tags or "*" in tags


def _note(request: Request, principal: Principal, room: str, located: Located) -> None:
    opened: dict[str, object] = {
        "study": located.study,
        "series": located.series,
        "sop": located.sop,
        "frame": located.frame,
    }
    services_of(request).rooms.note(room, principal.actor("rest"), "image.opened", opened)


def _base(room: str) -> str:
    return f"{ROOT.replace('{room}', room)}/studies"


def _json(told: list[Attributes]) -> Response:
    return Response(dumps(told), 200, {"cache-control": "private, no-store"}, JSON)


def _attributes(**given: tuple[str, list[Any]]) -> Attributes:
    """`x0020000D=("UI", [uid])` as the DICOM JSON model (PS3.18 annex F), without what is not
    known."""
    return {
        tag[1:]: {"vr": vr, "Value": values}
        for tag, (vr, values) in sorted(given.items())
        if values and values[0] not in (None, "")
    }


def _study(one: dict[str, Any], address: str) -> Attributes:
    return _attributes(
        x00080020=("DA", [one["date"]]),
        x00080030=("TM", [one["time"]]),
        x00080050=("SH", [one["accession"]]),
        x00080061=("CS", one["modalities"]),
        x00081030=("LO", [one["description"]]),
        x00081190=("UR", [address]),
        x0020000D=("UI", [one["uid"]]),
        x00201206=("IS", [one["series"]]),
        x00201208=("IS", [one["instances"]]),
    )


def _series(one: dict[str, Any], study: str, base: str) -> Attributes:
    return _attributes(
        x00080060=("CS", [one["modality"]]),
        x0008103E=("LO", [one["description"]]),
        x00081190=("UR", [f"{base}/{study}/series/{one['uid']}"]),
        x00180015=("CS", [one["body_part"]]),
        x0020000D=("UI", [study]),
        x0020000E=("UI", [one["uid"]]),
        x00200011=("IS", [one["number"]]),
        x00201209=("IS", [len(one["instances"])]),
    )


def _instance(one: dict[str, Any], line: dict[str, Any], study: str, base: str) -> Attributes:
    return _attributes(
        x00080016=("UI", [one["sop_class"]]),
        x00080018=("UI", [one["sop"]]),
        x00080060=("CS", [line["modality"]]),
        x00081190=("UR", [f"{base}/{study}/series/{line['uid']}/instances/{one['sop']}"]),
        x0020000D=("UI", [study]),
        x0020000E=("UI", [line["uid"]]),
        x00200011=("IS", [line["number"]]),
        x00200013=("IS", [one["n"]]),
        x00280008=("IS", [one["frames"] or None]),
        x00280010=("US", [one["rows"] or None]),
        x00280011=("US", [one["columns"] or None]),
    )


def refusal(raised: ImageProblem) -> Response:
    """A problem as every other, with `reason` to tell apart what shares a code."""
    retry = raised.status == 503
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": raised.slug.replace("_", " "),
        "status": raised.status,
        "code": raised.slug,
        "slug": raised.slug,
        "reason": raised.reason,
        "detail": raised.detail,
        "fr": raised.fr,
        "en": raised.en,
        "retry": retry,
    }
    headers = {"cache-control": "no-store"}
    if retry:
        body["retry_after_ms"] = 1000
        headers["retry-after"] = "1"
    return Response(dumps(body), raised.status, headers, PROBLEM)


Endpoint = Callable[[Request], Awaitable[Response]]


def _telling(endpoint: Endpoint) -> Endpoint:
    """`endpoint`, with an `ImageProblem` told as a problem."""

    async def told(request: Request) -> Response:
        try:
            return await endpoint(request)
        except ImageProblem as raised:
            return refusal(raised)

    return told


def routes() -> list[BaseRoute]:
    """What stands here."""
    study = f"{ROOT}/studies/{{study}}"
    one = f"{study}/series/{{series}}"
    instance = f"{one}/instances/{{sop}}"
    endpoints: list[tuple[str, Endpoint]] = [
        (f"{ROOT}/studies", studies),
        (f"{study}/series", series),
        (f"{study}/instances", instances),
        (f"{study}/metadata", instances),
        (f"{study}/rendered", rendered),
        (f"{one}/instances", instances),
        (f"{one}/metadata", instances),
        (f"{one}/rendered", rendered),
        (f"{instance}/rendered", rendered),
        (f"{instance}/frames/{{frame}}/rendered", rendered),
    ]
    return [Route(path, _telling(endpoint), methods=["GET"]) for path, endpoint in endpoints]
