"""Cancelling visits of a series: one, one and the following, or all to come."""

from uuid import UUID

from medibook.appointments import access, rules
from medibook.appointments.events import SeriesCancelled, SeriesVisitCancelled
from medibook.appointments.rules.series import SeriesMeanwhile
from medibook.appointments.schemas.series import (
    ReadPlan,
    Scope,
    SeriesCard,
    SeriesPlan,
    SeriesStep,
)
from medibook.appointments.service.cards import cards
from medibook.appointments.service.changing import close
from medibook.appointments.service.series.reading import series_card
from medibook.appointments.service.series.scope import (
    begin_change,
    by_practitioner,
    choose,
    end_change,
    too_late,
)
from medibook.kernel.actor import Role, patient, practitioner, staff
from medibook.kernel.use_case import UnitOfWork, query, use_case


@query(allow=patient | practitioner | staff)
def plan_series_cancel(uow: UnitOfWork, *, appointment_id: UUID, scope: Scope) -> SeriesPlan:
    """Which visits would be cancelled, and which have to stay and why. Raises NotFound."""
    chosen = choose(uow, appointment_id, scope)
    shown = cards(uow, [visit for visit, _ in chosen.members])
    return SeriesPlan(
        series_id=chosen.series.id,
        version=chosen.series.version,
        steps=tuple(
            SeriesStep(visit=card, obstacle=too_late(uow, visit))
            for card, (visit, _) in zip(shown, chosen.members, strict=True)
        ),
    )


@use_case(allow=patient | practitioner | staff)
def cancel_series(
    uow: UnitOfWork, *, appointment_id: UUID, scope: Scope, read: ReadPlan, reason: str = ""
) -> SeriesCard:
    """Cancel the visits that were read to be cancelled, in one transaction; past ones stay.

    Raises:
        SeriesMeanwhile: the plan is no longer the one that was read; nothing is cancelled.
        Invalid: the clinic gave no reason. NotFound.
    """
    by_patient = uow.actor.role is Role.PATIENT
    said = rules.tidy_reason(reason) if by_patient else rules.needed_reason(reason)
    chosen = choose(uow, appointment_id, scope, to_change=True)
    if not begin_change(chosen, read):
        return series_card(uow, chosen.series)
    staying = {visit.id for visit, _ in chosen.members if too_late(uow, visit)}
    going = [one for one in chosen.members if one[0].id not in staying]
    if not going or not staying <= read.staying:
        raise SeriesMeanwhile
    end_change(chosen, read)
    series = chosen.series
    for visit, place in by_practitioner(going):
        close(uow, visit, by_patient=by_patient, reason=said)
        access.touch_place(
            uow, visit.id, wall_start=place.wall_start, version=chosen.series.version
        )
        whose = (visit.id, visit.practitioner_id, visit.patient_id)
        uow.record(SeriesVisitCancelled(*whose, visit.version, cancelled_by_patient=by_patient))
    uow.audit("series", series.id, patient_id=series.patient_id)
    whose = (series.id, series.practitioner_id, series.patient_id)
    uow.record(SeriesCancelled(*whose, series.version, cancelled_by_patient=by_patient))
    return series_card(uow, series)
