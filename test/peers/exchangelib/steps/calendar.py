import datetime
import time

from world import MARY, ROB, UTC, VIENNA, arrived, equal, step, until, world  # first: it says which certificate is trusted

from exchangelib import Attendee, CalendarItem, EWSDate, EWSDateTime, EWSTimeZone, Mailbox
from exchangelib.items import SEND_ONLY_TO_ALL, SEND_TO_ALL_AND_SAVE_COPY, MeetingCancellation, MeetingRequest, MeetingResponse
from exchangelib.recurrence import Recurrence, WeeklyPattern


@step
def calendar_single_item():
    mary = world.mary
    start = EWSDateTime(2030, 3, 4, 9, 0, tzinfo=VIENNA)
    item = CalendarItem(
        account=mary,
        folder=mary.calendar,
        start=start,
        end=start + datetime.timedelta(hours=2),
        subject="Single",
        body="Agenda",
        location="Room 1",
        legacy_free_busy_status="OOF",
        reminder_is_set=True,
        reminder_minutes_before_start=30,
        categories=["Work"],
    ).save()
    item.refresh()
    equal((item.start, item.end, item.location, item.type), (start, start + datetime.timedelta(hours=2), "Room 1", "Single"))
    equal((item.legacy_free_busy_status, item.reminder_minutes_before_start, item.duration), ("OOF", 30, "PT2H"))
    equal(item._start_timezone, VIENNA, "time zone")
    item.start += datetime.timedelta(hours=1)
    item.end += datetime.timedelta(hours=1)
    item.location = "Room 2"
    item.save(update_fields=["start", "end", "location"])
    found = list(mary.calendar.view(start=EWSDateTime(2030, 3, 4, tzinfo=UTC), end=EWSDateTime(2030, 3, 5, tzinfo=UTC)))
    equal([(i.subject, i.location, i.start) for i in found], [("Single", "Room 2", start + datetime.timedelta(hours=1))])
    day = CalendarItem(account=mary, folder=mary.calendar, start=EWSDate(2030, 3, 6), end=EWSDate(2030, 3, 6), is_all_day=True, subject="Whole day").save()
    day.refresh()
    equal((day.start, day.end, day.is_all_day), (EWSDate(2030, 3, 6), EWSDate(2030, 3, 6), True))
    assert b"BEGIN:VCALENDAR" in mary.calendar.get(id=item.id).mime_content
    day.delete()
    item.delete()


@step
def weekly_meeting_with_exception():
    mary, rob = world.mary, world.rob
    start = EWSDateTime(2030, 5, 6, 10, 0, tzinfo=VIENNA)  # a Monday
    meeting = CalendarItem(
        account=mary,
        folder=mary.calendar,
        start=start,
        end=start + datetime.timedelta(hours=1),
        subject="Weekly bridge",
        body="Come, please",
        location="Isthmus",
        required_attendees=[Attendee(mailbox=Mailbox(email_address=ROB), response_type="Unknown")],
        recurrence=Recurrence(pattern=WeeklyPattern(interval=1, weekdays=["Monday"]), start=start.date(), number=6),
    )
    meeting.save(send_meeting_invitations=SEND_TO_ALL_AND_SAVE_COPY)
    meeting.refresh()
    equal((meeting.type, meeting.is_meeting), ("RecurringMaster", True))
    equal(meeting.recurrence.boundary.number, 6)
    view = sorted(mary.calendar.view(start=start, end=start + datetime.timedelta(days=60)), key=lambda i: i.start)
    occurrences = [i for i in view if i.subject == "Weekly bridge"]
    equal([o.start for o in occurrences], [start + datetime.timedelta(days=7 * n) for n in range(6)])
    equal({o.type for o in occurrences}, {"Occurrence"})
    invitation = arrived(rob, "Weekly bridge", MeetingRequest)
    equal((invitation.start, invitation.location), (start, "Isthmus"))
    world.uid = meeting.uid
    booked = until("the meeting in Rob's calendar", lambda: [i for i in rob.calendar.filter(subject="Weekly bridge") if i.type == "RecurringMaster"])[0]
    equal((booked.uid, booked.my_response_type, booked.organizer.email_address), (meeting.uid, "NoResponseReceived", MARY))

    third = meeting.occurrence(index=3)
    third.refresh()
    third.start += datetime.timedelta(hours=3)
    third.end += datetime.timedelta(hours=3)
    third.subject = "Weekly bridge, later"
    third.save(update_fields=["start", "end", "subject"], send_meeting_invitations=SEND_TO_ALL_AND_SAVE_COPY)
    meeting.occurrence(index=5).delete(send_meeting_cancellations=SEND_TO_ALL_AND_SAVE_COPY)
    meeting.refresh()
    equal([o.start for o in meeting.modified_occurrences], [start + datetime.timedelta(days=14, hours=3)])
    equal([o.start for o in meeting.deleted_occurrences], [start + datetime.timedelta(days=28)])
    view = sorted(mary.calendar.view(start=start, end=start + datetime.timedelta(days=60)), key=lambda i: i.start)
    equal(
        [(o.type, o.subject, o.start) for o in view if o.subject.startswith("Weekly bridge")],
        [
            (
                "Exception" if n == 2 else "Occurrence",
                "Weekly bridge, later" if n == 2 else "Weekly bridge",
                start + datetime.timedelta(days=7 * n, hours=3 if n == 2 else 0),
            )
            for n in (0, 1, 2, 3, 5)
        ],
    )
    master = view[0].recurring_master()
    master.refresh()
    equal(master.id, meeting.id)

    def robs():
        seen = sorted(rob.calendar.view(start=start, end=start + datetime.timedelta(days=60)), key=lambda i: i.start)
        return [o.start for o in seen if o.subject.startswith("Weekly bridge")]

    wanted = [start + datetime.timedelta(days=7 * n, hours=3 if n == 2 else 0) for n in (0, 1, 2, 3, 5)]
    until(f"the exception in Rob's calendar ({robs()} against {wanted})", lambda: robs() == wanted)

    invitation.accept(body="I'll be there")
    response = arrived(mary, "Accepted: Weekly bridge", MeetingResponse)
    equal(response.item_class, "IPM.Schedule.Meeting.Resp.Pos")

    def accepted():
        meeting.refresh()
        return meeting.required_attendees[0].response_type == "Accept"

    until("Rob's acceptance in Mary's calendar", accepted)
    booked.refresh()
    equal(booked.my_response_type, "Accept")
    world.meeting = meeting


@step
def meeting_changed_then_cancelled():
    mary, rob, meeting = world.mary, world.rob, world.meeting
    meeting.location = "Canal"
    meeting.save(update_fields=["location"], send_meeting_invitations=SEND_TO_ALL_AND_SAVE_COPY)

    def moved():
        return [i for i in rob.calendar.filter(subject="Weekly bridge") if i.type == "RecurringMaster" and i.location == "Canal"]

    until("the new location in Rob's calendar", moved)
    meeting.delete(send_meeting_cancellations=SEND_TO_ALL_AND_SAVE_COPY)
    cancelled = arrived(rob, "Canceled: Weekly bridge", MeetingCancellation)
    equal(cancelled.item_class, "IPM.Schedule.Meeting.Canceled")
    until("the cancelled meeting in Rob's calendar", lambda: all(i.is_cancelled for i in rob.calendar.filter(subject__contains="Weekly bridge")))
    equal(mary.calendar.filter(subject="Weekly bridge").count(), 0)


@step
def single_meeting_declined():
    mary, rob = world.mary, world.rob
    start = EWSDateTime(2030, 6, 3, 10, 0, tzinfo=UTC)
    meeting = CalendarItem(
        account=mary, folder=mary.calendar, start=start, end=start + datetime.timedelta(hours=1), subject="Unloved",
        required_attendees=[ROB], optional_attendees=["nobody@example.com"],
    ).save(send_meeting_invitations=SEND_ONLY_TO_ALL)
    arrived(rob, "Unloved", MeetingRequest).decline(body="No")
    arrived(mary, "Declined: Unloved", MeetingResponse)
    meeting.refresh()
    until("the refusal", lambda: meeting.refresh() or meeting.required_attendees[0].response_type == "Decline")
    equal(rob.calendar.filter(subject="Unloved").count(), 0, "declined meetings leave the calendar")
    meeting.cancel()
    until("the meeting gone", lambda: mary.calendar.filter(subject="Unloved").count() == 0)


@step
def free_busy_shown():
    mary = world.mary
    start = EWSDateTime(2030, 7, 1, 8, 0, tzinfo=UTC)
    item = CalendarItem(
        account=mary, folder=mary.calendar, subject="Busy here", start=start, end=start + datetime.timedelta(hours=1), legacy_free_busy_status="Busy"
    ).save()
    zone = EWSTimeZone("Europe/Vienna")
    for view in ("MergedOnly", "FreeBusy", "FreeBusyMerged", "Detailed", "DetailedMerged"):
        answers = list(
            world.rob.protocol.get_free_busy_info(
                accounts=[(MARY, "Required", False), (ROB, "Optional", False)],
                start=EWSDateTime(2030, 7, 1, 8, 0, tzinfo=UTC).astimezone(zone),
                end=EWSDateTime(2030, 7, 1, 12, 0, tzinfo=UTC).astimezone(zone),
                merged_free_busy_interval=30,
                requested_view=view,
            )
        )
        equal(len(answers), 2)
        if "Merged" in view:
            equal((view, answers[0].merged, answers[1].merged), (view, "22000000", "00000000"))
        if view != "MergedOnly":
            events = answers[0].calendar_events
            equal(len(events), 1, view)
            equal(events[0].busy_type, "Busy")
            at = events[0].start
            at = at if at.tzinfo else at.replace(tzinfo=zone)
            equal(at.astimezone(UTC), start)
        assert answers[0].working_hours_timezone is not None or view == "MergedOnly"
    item.delete()
