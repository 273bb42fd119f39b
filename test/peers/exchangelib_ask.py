"""Asks sites with exchangelib, a line of JSON a question (exchangelib_lines.py).

Each question names "url", the EWS address, and "address", who asks. Times are local ones in the zone that the line names.
"""
from exchangelib_lines import answer_lines, connect

from exchangelib import CalendarItem, EWSDateTime, EWSTimeZone
from exchangelib.errors import ResponseMessageError
from exchangelib.recurrence import Recurrence, WeeklyPattern

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def local(text, zone):
    return EWSDateTime.fromisoformat(text).replace(tzinfo=EWSTimeZone(zone))


def ask(url, address, zone, start, end, view, interval, people):
    """One person after the other, as far as the client gets: some errors it raises instead of giving them as an answer."""
    answers = []
    try:
        for answer in connect(url, address).protocol.get_free_busy_info(
            accounts=[(person, "Required", False) for person in people],
            start=local(start, zone),
            end=local(end, zone),
            merged_free_busy_interval=interval,
            requested_view=view,
        ):
            answers.append(seen(answer, EWSTimeZone(zone)))
    except ResponseMessageError as error:
        answers.append(seen(error, None))
    return answers


def seen(answer, zone):
    if isinstance(answer, Exception):
        return {"code": type(answer).__name__, "view": "", "merged": "", "events": [], "hours": ""}
    return {
        "code": "NoError",
        "view": answer.view_type,
        "merged": answer.merged or "",
        "events": [event_line(event, zone) for event in answer.calendar_events or []],
        "hours": hours_line(answer),
    }


def event_line(event, zone):
    # The answer's times are local ones in the zone of the question; the client leaves them naive.
    start, end = (at.astimezone(zone) if at.tzinfo else at for at in (event.start, event.end))
    line = f"{start:%m-%d %H:%M}-{end:%H:%M} {event.busy_type}"
    of = event.details
    if of is None:
        return line
    told = {"meeting": of.is_meeting, "again": of.is_recurring, "moved": of.is_exception, "private": of.is_private, "id": of.id}
    words = [of.subject, of.location and f"@ {of.location}", *(word for word, true in told.items() if true)]
    return " ".join([f"{line}:", *filter(None, words)])


def hours_line(answer):
    if not answer.working_hours:
        return ""
    days = [" ".join(WEEKDAYS[day - 1] for day in hours.weekdays) + f" {hours.start:%H:%M}-{hours.end:%H:%M}" for hours in answer.working_hours]
    return "; ".join(days) + f", bias {answer.working_hours_timezone.bias}"


def book(url, address, zone, start, end, subject, location, weekly):
    """An appointment in the own calendar, every week for so many times."""
    account, first, last = connect(url, address), local(start, zone), local(end, zone)
    pattern = WeeklyPattern(interval=1, weekdays=[WEEKDAYS[first.weekday()]])
    CalendarItem(
        account=account,
        folder=account.calendar,
        subject=subject,
        location=location,
        start=first,
        end=last,
        legacy_free_busy_status="Busy",
        recurrence=Recurrence(pattern=pattern, start=first.date(), number=weekly),
    ).save()


def find(url, address, subject):
    return connect(url, address).calendar.get(subject=subject)


def move(url, address, zone, subject, index, start, end):
    occurrence = find(url, address, subject).occurrence(index)
    occurrence.refresh()
    occurrence.start, occurrence.end = local(start, zone), local(end, zone)
    occurrence.save(update_fields=["start", "end"])


def skip(url, address, subject, index):
    occurrence = find(url, address, subject).occurrence(index)
    occurrence.refresh()
    occurrence.delete()


def remove(url, address, subject):
    find(url, address, subject).delete()


answer_lines(ask, book, move, skip, remove)
