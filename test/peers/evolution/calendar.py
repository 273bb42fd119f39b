"""Calendar, tasks and memos by ECal, as Evolution's calendar uses it. What is asked and answered are iCalendar components."""
import account
from desk import PERSON, ECal, GLib, ICalGLib, opened_by, until, verb

KINDS = {"Calendar": ECal.ClientSourceType.EVENTS, "Tasks": ECal.ClientSourceType.TASKS, "Notes": ECal.ClientSourceType.MEMOS}
NONE = ECal.OperationFlags.NONE
clients = {}


def client(name):
    if name not in clients:
        source, kind = account.source_of(name), KINDS[name]
        clients[name] = opened_by("org.gnome.evolution.dataserver.Calendar8", lambda patience: ECal.Client.connect_sync(source, kind, 5, patience))
    return clients[name]


def objects(name, expression="#t"):
    _, found = client(name).get_object_list_sync(expression, None)
    return found


def summary(component):
    return component.get_summary() or ""


def found_called(name, called, fresh=True):
    """The components with a summary, master before occurrences, once there are any."""

    def look():
        if fresh:
            client(name).refresh_sync(None)
        return [one for one in objects(name) if summary(one) == called]

    return until(f"{called!r} in {name}", look)


def text(component):
    return component.as_ical_string()


@verb
def calendar_texts(folder, called):
    """The components with a summary."""
    return [text(one) for one in found_called(folder, called)]


@verb
def calendar_gone(folder, called):
    def look():
        client(folder).refresh_sync(None)
        return not [one for one in objects(folder) if summary(one) == called]

    return until(f"the end of {called!r} in {folder}", look)


@verb
def calendar_between(start, end):
    """The summaries of what a view of the calendar shows, with each one's beginning."""
    cal = client("Calendar")
    cal.refresh_sync(None)
    shown = []
    begin, finish = (GLib.DateTime.new_from_iso8601(at, GLib.TimeZone.new_utc()).to_unix() for at in (start, end))

    def each(component, instance_start, instance_end, *_):
        zone = ICalGLib.Timezone.get_utc_timezone()
        shown.append([summary(component), ICalGLib.Time.new_from_timet_with_zone(instance_start.as_timet_with_zone(instance_start.get_timezone()), 0, zone).as_ical_string()])
        return True

    cal.generate_instances_sync(begin, finish, None, each)
    return sorted(shown, key=lambda one: one[1])


@verb
def calendar_create(folder, component, called):
    _, uid = client(folder).create_object_sync(ICalGLib.Component.new_from_string(component), NONE, None)
    return [uid, *(text(one) for one in found_called(folder, called))]


@verb
def calendar_modify(folder, called, changes, occurrence=None, invite=False):
    """Sets properties of the component with a summary: of all of a series, or of one occurrence (its RECURRENCE-ID)."""
    component = found_called(folder, called)[0].clone()
    for line in changes:
        prop = ICalGLib.Property.new_from_string(line)
        old = component.get_first_property(prop.isa())
        if old:
            component.remove_property(old)
        component.add_property(prop)
    mod = ECal.ObjModType.ALL
    if occurrence:
        rule = component.get_first_property(ICalGLib.PropertyKind.RRULE_PROPERTY)
        if rule:
            component.remove_property(rule)
        component.add_property(ICalGLib.Property.new_from_string(occurrence))
        mod = ECal.ObjModType.THIS
    client(folder).modify_object_sync(component, mod, NONE, None)
    return [text(one) for one in objects(folder) if one.get_uid() == component.get_uid()]


@verb
def calendar_remove(folder, called, occurrence=None):
    component = found_called(folder, called)[0]
    mod = ECal.ObjModType.THIS if occurrence else ECal.ObjModType.ALL
    client(folder).remove_object_sync(component.get_uid(), occurrence, mod, NONE, None)
    return [text(one) for one in objects(folder) if one.get_uid() == component.get_uid()]


@verb
def calendar_answer(called, status):
    """Answers an invitation in the calendar, as the invitation's bar above a message does."""
    component = found_called("Calendar", called)[0].clone()
    attendee = component.get_first_property(ICalGLib.PropertyKind.ATTENDEE_PROPERTY)
    while attendee:
        if PERSON in attendee.get_attendee().lower():
            attendee.set_parameter_from_string("PARTSTAT", status)
        attendee = component.get_next_property(ICalGLib.PropertyKind.ATTENDEE_PROPERTY)
    whole = ICalGLib.Component.new_vcalendar()
    whole.add_property(ICalGLib.Property.new_method(ICalGLib.PropertyMethod.REPLY))
    whole.add_component(component)
    client("Calendar").receive_objects_sync(whole, NONE, None)


@verb
def calendar_busy(start, end, people):
    begin, finish = (GLib.DateTime.new_from_iso8601(at, GLib.TimeZone.new_utc()).to_unix() for at in (start, end))
    _, found = client("Calendar").get_free_busy_sync(begin, finish, people, None)
    return [one.get_as_string() for one in found]
