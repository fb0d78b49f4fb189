"""What the page of an absence shows, its words made."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from medibook.absences import rules
from medibook.absences.schemas import (
    Alternative,
    AlternativeKind,
    Board,
    BoardLine,
    Candidate,
    CaseState,
    PlanLine,
    Preview,
    Proposal,
    Told,
)
from medibook.kernel.intervals import Interval
from medibook.ui.components import Option
from medibook.ui.i18n import N_, Translator

_KINDS = {
    AlternativeKind.COLLEAGUE: N_("colleague"),
    AlternativeKind.SAME_PRACTITIONER: N_("same doctor"),
    AlternativeKind.VIDEO: N_("video"),
}
_TOLD = {
    Told.ON_ITS_WAY: N_("Message on its way"),
    Told.TOLD: N_("Knows"),
    Told.FAILED: N_("Message failed"),
    Told.NO_WAY: N_("Not written to"),
}
_STATES = {
    CaseState.WAITING: (N_("Waits for an answer"), "amber"),
    CaseState.CALL: (N_("To be called"), "coral"),
    CaseState.TAKEN: (N_("Taken"), "leaf"),
    CaseState.DECLINED: (N_("Wants none of them"), "slate"),
    CaseState.SETTLED: (N_("Changed in another way"), "slate"),
    CaseState.UNDONE: (N_("Stays as it was"), "teal"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Another time: "Wed 1 Apr, 09:00", and with whom."""

    key: str
    when: str
    whom: str
    is_open: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalView:
    """A line of the preview."""

    key: str
    when: str
    patient: str
    service: str
    reach: str
    tone: str
    choices: list[Choice] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoView:
    """A visit type for which the front desk may say by which video visit it can be replaced."""

    name: str
    label: str
    chosen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """A line of the board."""

    key: str
    when: str
    patient: str
    service: str
    phone: str
    phone_href: str
    through: str
    state: str
    tone: str
    told: str
    answer: str
    note: str
    is_open: bool
    must_call: bool
    is_urgent: bool
    is_reached: bool
    reached: str
    href: str
    choices: list[Choice] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningView:
    """A plan that is running."""

    href: str
    title: str
    words: str


def period_words(_: Translator, period: Interval, zone_name: str) -> str:
    """When somebody is away: one day, days, or from–until."""
    zone = ZoneInfo(zone_name)
    starts, ends = (at.astimezone(zone) for at in (period.start, period.end))
    last = ends - timedelta(microseconds=1)
    if starts.hour == starts.minute == ends.hour == ends.minute == 0:
        if starts.date() == last.date():
            return _.date(starts, zone)
        return f"{_.date(starts, zone)} – {_.date(last, zone)}"
    if starts.date() == last.date():
        return f"{_.date(starts, zone)}, {_.time(period.start, zone)}–{_.time(period.end, zone)}"
    return f"{_.moment(period.start, zone)} – {_.moment(period.end, zone)}"


def proposal_views(_: Translator, seen: Preview) -> list[ProposalView]:
    """The visits that cannot be, with what each patient would be offered."""
    return [_proposal(_, seen, one) for one in seen.proposals]


def _proposal(_: Translator, seen: Preview, one: Proposal) -> ProposalView:
    reach, tone = _reach(_, one)
    return ProposalView(
        key=str(one.appointment_id),
        when=_.moment(one.starts_at, ZoneInfo(one.zone)),
        patient=one.patient_name,
        service=_(one.service_name),
        reach=reach,
        tone=tone,
        choices=[_candidate(_, seen, candidate) for candidate in one.alternatives],
    )


def _reach(_: Translator, one: Proposal) -> tuple[str, str]:
    if one.is_here:
        return _("Is here already"), "coral"
    ways = [word for has, word in ((one.by_email, _("E-mail")), (one.by_sms, _("SMS"))) if has]
    return (", ".join(ways), "teal") if ways else (_("Has to be called"), "coral")


def _candidate(_: Translator, seen: Preview, one: Candidate) -> Choice:
    return Choice(
        key=f"{one.practitioner_id}.{one.time.start.timestamp():.0f}",
        when=_.moment(one.time.start, ZoneInfo(one.zone)),
        whom=f"{seen.names.get(one.practitioner_id, '')}, {_(_KINDS[one.kind])}",
    )


def video_views(_: Translator, seen: Preview, chosen: dict[UUID, UUID]) -> list[VideoView]:
    """Which visit types could be by video: nothing when no colleague offers any."""
    if not seen.videos:
        return []
    return [
        VideoView(
            name=f"video-{service_id}",
            label=_("Instead of {visit}", visit=_(name)),
            chosen=str(chosen.get(service_id, "")),
        )
        for service_id, name in seen.may_be_video.items()
    ]


def video_options(_: Translator, seen: Preview) -> list[Option]:
    """The video visits to choose from."""
    videos = [Option(value=str(key), label=_(name)) for key, name in seen.videos.items()]
    return [Option(value="", label=_("Not by video")), *videos]


def line_views(_: Translator, board: Board) -> list[LineView]:
    """The board's lines: the most urgent calls first, then by time."""
    lines = sorted(board.lines, key=lambda ln: (not ln.is_urgent, not ln.must_call, ln.case.was_at))
    return [_line(_, line) for line in lines]


def _line(_: Translator, line: BoardLine) -> LineView:
    case = line.case
    word, tone = _STATES[case.state]
    zone = ZoneInfo(case.zone)
    return LineView(
        key=str(case.case_id),
        when=_.moment(case.was_at, zone),
        patient=case.patient_name,
        service=_(case.service_name),
        phone=line.phone,
        phone_href=f"tel:{line.phone}" if line.phone else "",
        through=_("through {name}", name=line.reached_through) if line.reached_through else "",
        state=_(word),
        tone=tone,
        told=_("Is here already") if line.is_here else _(_TOLD[line.told]),
        answer=_answer(_, line),
        note=_note(_, line),
        is_open=case.state in rules.OPEN,
        must_call=line.must_call,
        is_urgent=line.is_urgent,
        is_reached=line.reached_at is not None,
        reached=_reached(_, line),
        href=_.href(f"/desk/?{urlencode({'on': case.was_at.astimezone(zone).date()})}"),
        choices=[_choice(_, one) for one in case.alternatives if one.is_open],
    )


def _reached(_: Translator, line: BoardLine) -> str:
    """Who has spoken to the patient, and when, on the clinic's wall."""
    if line.reached_at is None:
        return ""
    when = _.moment(line.reached_at, ZoneInfo(line.case.zone))
    return _("{name} has spoken to them: {when}", name=line.reached_by, when=when)


def _answer(_: Translator, line: BoardLine) -> str:
    """What was answered, and how."""
    case = line.case
    if case.now_at is not None and case.state is CaseState.TAKEN:
        taken = next((a for a in case.alternatives if a.alternative_id == case.taken_id), None)
        zone = ZoneInfo(taken.zone if taken else case.zone)
        words = f"{_.moment(case.now_at, zone)}, {case.practitioner_name}"
    elif case.state is CaseState.DECLINED:
        words = _("The visit is cancelled")
    else:
        return ""
    return f"{words} · {_('by telephone')}" if line.by_phone else words


def _note(_: Translator, line: BoardLine) -> str:
    case = line.case
    if line.is_urgent:
        return _("The visit is near, and the patient knows nothing.")
    if case.state in rules.OPEN and case.is_cancelled:
        return _("The visit is cancelled; a time can still be taken.")
    if case.state is CaseState.CALL and case.alternatives:
        return _("The other times have run out.")
    if case.state is CaseState.CALL:
        return _("No other time was found.")
    if case.state is CaseState.WAITING and case.lapses_at is not None:
        when = _.moment(case.lapses_at, ZoneInfo(case.zone))
        return _("The times are kept until {when}.", when=when)
    return ""


def _choice(_: Translator, one: Alternative) -> Choice:
    return Choice(
        key=str(one.alternative_id),
        when=_.moment(one.starts_at, ZoneInfo(one.zone)),
        whom=f"{one.practitioner_name}, {_(_KINDS[one.kind])}",
        is_open=one.is_open,
    )


def running_views(_: Translator, plans: tuple[PlanLine, ...]) -> list[RunningView]:
    """The plans that stand."""
    return [
        RunningView(
            href=_.href(f"/desk/absence/?plan={plan.plan_id}"),
            title=f"{plan.practitioner_name}: {period_words(_, plan.period, plan.zone)}",
            words=_.plural("{count} visit", "{count} visits", plan.patients)
            + " · "
            + _("{count} still open", count=plan.still_open),
        )
        for plan in plans
    ]


def undone_words(_: Translator, board: Board) -> str:
    """That the plan was taken back, and when; nothing while it stands."""
    if board.undone_at is None:
        return ""
    when = _.moment(board.undone_at, ZoneInfo(board.zone))
    return _("This plan was taken back: every visit stays as it was. ({when})", when=when)


def since_words(_: Translator, at: datetime, now: datetime) -> str:
    """When the plan was started."""
    return _("Started {when}", when=_.relative(at, now))
