"""Meetings as both sides see them: answered, changed, answered again, one occurrence of many, a room, taken back."""
import datetime

from world import MARY, ROB, UTC, VIENNA, arrived, equal, step, until, world  # first: it says which certificate is trusted

from exchangelib import Attendee, CalendarItem, EWSDateTime, Mailbox
from exchangelib.items import (
    SEND_ONLY_TO_ALL,
    SEND_TO_ALL_AND_SAVE_COPY,
    SEND_TO_CHANGED_AND_SAVE_COPY,
    SEND_TO_NONE,
    MeetingCancellation,
    MeetingRequest,
    MeetingResponse,
)
from exchangelib.recurrence import DailyPattern, Recurrence

HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)


def invite(subject, start, people=(ROB,), send=SEND_TO_ALL_AND_SAVE_COPY, **more):
    mary = world.mary
    return CalendarItem(
        account=mary,
        folder=mary.calendar,
        subject=subject,
        start=start,
        end=start + HOUR,
        required_attendees=[Attendee(mailbox=Mailbox(email_address=address), response_type="Unknown") for address in people],
        **more,
    ).save(send_meeting_invitations=send)


def answered(meeting, response):
    def heard():
        meeting.refresh()
        return response in [attendee.response_type for attendee in meeting.required_attendees]

    until(f"{response} in the organizer's calendar", heard)


def booked(subject, **wanted):
    """Rob's item of the subject, once it is as wanted."""

    def ask():
        items = [i for i in world.rob.calendar.filter(subject=subject) if i.type in ("Single", "RecurringMaster")]
        return [i for i in items if all(getattr(i, name) == value for name, value in wanted.items())]

    return until(f"{subject!r} with {wanted} in Rob's calendar", ask)[0]


@step
def meeting_tentative_then_moved_then_accepted():
    rob = world.rob
    start = EWSDateTime(2031, 2, 3, 14, 0, tzinfo=VIENNA)
    meeting = invite("Moving", start, location="Quay", legacy_free_busy_status="OOF", is_response_requested=True)
    equal((meeting.is_meeting, meeting.meeting_request_was_sent), (None, None), "only the id comes back")
    meeting.refresh()
    equal((meeting.is_meeting, meeting.meeting_request_was_sent, meeting.my_response_type), (True, True, "Organizer"))
    request = arrived(rob, "Moving", MeetingRequest)
    equal((request.start, request.end, request.location, request.organizer.email_address), (start, start + HOUR, "Quay", MARY))
    equal((request.is_out_of_date, request.response_type, request.meeting_request_type), (False, "NoResponseReceived", "NewMeetingRequest"))
    request.tentatively_accept(body="Perhaps")
    response = arrived(world.mary, "Tentative: Moving", MeetingResponse)
    equal((response.item_class, response.response_type, response.sender.email_address), ("IPM.Schedule.Meeting.Resp.Tent", "Tentative", ROB))
    assert "Perhaps" in (response.body or ""), response.body
    answered(meeting, "Tentative")
    equal(booked("Moving", my_response_type="Tentative").legacy_free_busy_status, "Tentative")
    equal(rob.inbox.filter(subject="Moving").count(), 0, "what is answered leaves the inbox")

    meeting.start += 2 * HOUR
    meeting.end += 2 * HOUR
    meeting.location = "Pier"
    meeting.save(update_fields=["start", "end", "location"], send_meeting_invitations=SEND_ONLY_TO_ALL)
    update = arrived(rob, "Moving", MeetingRequest)
    equal((update.start, update.location, update.meeting_request_type), (start + 2 * HOUR, "Pier", "FullUpdate"))
    item = booked("Moving", my_response_type="NoResponseReceived")
    equal((item.start, item.location), (start + 2 * HOUR, "Pier"), "asked anew, at the new time")
    update.accept()
    arrived(world.mary, "Accepted: Moving", MeetingResponse)
    answered(meeting, "Accept")
    equal(booked("Moving", my_response_type="Accept").legacy_free_busy_status, "OOF", "as the organizer intended")
    world.moving = meeting


@step
def meeting_renamed_and_taken_back():
    mary, rob, meeting = world.mary, world.rob, world.moving
    meeting.refresh()
    meeting.subject = "Moved"
    meeting.save(update_fields=["subject"], send_meeting_invitations=SEND_TO_ALL_AND_SAVE_COPY)
    update = arrived(rob, "Moved", MeetingRequest)
    equal(update.meeting_request_type, "InformationalUpdate")
    booked("Moved", my_response_type="Accept")
    meeting.cancel(body="The pier is closed")
    cancelled = arrived(rob, "Canceled: Moved", MeetingCancellation)
    assert "The pier is closed" in (cancelled.body or ""), cancelled.body
    equal(mary.calendar.filter(subject="Moved").count(), 0)
    gone = booked("Canceled: Moved", is_cancelled=True)
    equal((gone.legacy_free_busy_status, cancelled.associated_calendar_item_id.id), ("Free", gone.id))
    gone.delete(send_meeting_cancellations=SEND_TO_NONE)


@step
def other_time_proposed():
    rob = world.rob
    start = EWSDateTime(2031, 2, 10, 9, 0, tzinfo=UTC)
    meeting = invite("Bargain", start)
    arrived(rob, "Bargain", MeetingRequest).tentatively_accept(proposed_start=start + DAY, proposed_end=start + DAY + HOUR)
    response = arrived(world.mary, "New Time Proposed: Bargain", MeetingResponse)
    equal((response.proposed_start, response.proposed_end), (start + DAY, start + DAY + HOUR))
    equal(booked("Bargain").start, start, "the meeting is still when it was")
    answered(meeting, "Tentative")
    meeting.delete(send_meeting_cancellations=SEND_ONLY_TO_ALL)
    arrived(rob, "Canceled: Bargain", MeetingCancellation)


@step
def attendee_taken_off_and_put_back():
    rob = world.rob
    meeting = invite("Guests", EWSDateTime(2031, 2, 17, 9, 0, tzinfo=UTC), people=(ROB, "guest@example.com"))
    booked("Guests")
    meeting.refresh()
    rest = [a for a in meeting.required_attendees if a.mailbox.email_address != ROB]
    both = meeting.required_attendees
    meeting.required_attendees = rest
    meeting.save(update_fields=["required_attendees"], send_meeting_invitations=SEND_TO_CHANGED_AND_SAVE_COPY)
    arrived(rob, "Canceled: Guests", MeetingCancellation)
    booked("Canceled: Guests", is_cancelled=True)
    meeting.refresh()
    equal([a.mailbox.email_address for a in meeting.required_attendees], ["guest@example.com"])
    meeting.required_attendees = both
    meeting.save(update_fields=["required_attendees"], send_meeting_invitations=SEND_TO_CHANGED_AND_SAVE_COPY)
    again = booked("Guests", is_cancelled=False)
    equal(again.my_response_type, "NoResponseReceived")
    meeting.delete(send_meeting_cancellations=SEND_TO_NONE)
    again.delete(send_meeting_cancellations=SEND_TO_NONE)


@step
def one_occurrence_of_many():
    rob = world.rob
    start = EWSDateTime(2031, 3, 24, 8, 0, tzinfo=VIENNA)  # over the change of the clock on 30 March
    recurrence = Recurrence(pattern=DailyPattern(interval=1), start=start.date(), number=10)
    series = invite("Daily", start, recurrence=recurrence)
    arrived(rob, "Daily", MeetingRequest).accept()
    answered(series, "Accept")
    master = booked("Daily", my_response_type="Accept")

    def view(account):
        items = account.calendar.view(start=start - DAY, end=start + 15 * DAY)
        return {(i.start.astimezone(VIENNA).day, i.start.astimezone(VIENNA).hour): i for i in items if i.subject.startswith("Daily")}

    equal(sorted(view(rob)), sorted({((24 + n - 1) % 31 + 1, 8) for n in range(10)}), "eight o'clock by the clock in Vienna")

    # Rob does not come to one of them.
    third = master.occurrence(index=3)
    third.refresh()
    third.decline(body="Not on that day")
    arrived(world.mary, "Declined: Daily", MeetingResponse)
    until("the one day gone from Rob's calendar", lambda: (26, 8) not in view(rob))

    def declined():
        day = series.occurrence(index=3)
        day.refresh()
        return day.required_attendees[0].response_type == "Decline"

    until("the refusal of that day alone", declined)
    series.refresh()
    equal(series.required_attendees[0].response_type, "Accept")

    # Mary moves one and strikes another.
    fifth = series.occurrence(index=5)
    fifth.refresh()
    fifth.start += HOUR
    fifth.end += HOUR
    fifth.save(update_fields=["start", "end"], send_meeting_invitations=SEND_ONLY_TO_ALL)
    until("the moved day", lambda: (28, 9) in view(rob) and (28, 8) not in view(rob))
    series.occurrence(index=7).delete(send_meeting_cancellations=SEND_ONLY_TO_ALL)
    until("the struck day", lambda: (30, 8) not in view(rob) or view(rob)[(30, 8)].is_cancelled)
    equal(sorted(set(view(world.mary))), sorted({(24, 8), (25, 8), (26, 8), (27, 8), (28, 9), (29, 8), (31, 8), (1, 8), (2, 8)}))
    series.refresh()
    equal(([o.original_start for o in series.modified_occurrences if o.start != o.original_start]), [start + 4 * DAY])
    equal(len(series.deleted_occurrences), 1)
    series.delete(send_meeting_cancellations=SEND_ONLY_TO_ALL)
    until("no day left", lambda: all(i.is_cancelled for i in view(rob).values()))


@step
def room_booked():
    mary = world.mary
    lists = list(mary.protocol.get_roomlists())
    room = sorted(r.email_address for r in mary.protocol.get_rooms(lists[0].email_address))[0]
    # Next week: rooms are booked half a year ahead at most.
    start = EWSDateTime.now(tz=UTC).replace(hour=10, minute=0, second=0, microsecond=0) + 7 * DAY
    meeting = invite("In a room", start, people=(), resources=[Attendee(mailbox=Mailbox(email_address=room), response_type="Unknown")])

    def taken(item, response):
        item.refresh()
        return item.resources[0].response_type == response

    until("the room's answer", lambda: taken(meeting, "Accept"))
    arrived(mary, "Accepted: In a room", MeetingResponse)
    other = invite("In the same room", start + HOUR / 2, people=(), resources=[Attendee(mailbox=Mailbox(email_address=room), response_type="Unknown")])
    until("the room's refusal", lambda: taken(other, "Decline"))
    for item in (meeting, other):
        item.delete(send_meeting_cancellations=SEND_ONLY_TO_ALL)
