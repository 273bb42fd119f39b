from world import UTC, equal, step, world  # first: it says which certificate is trusted

from exchangelib import EWSDateTime, Folder, Message, Q


@step
def searched_and_paged():
    mary = world.mary
    folder = Folder(parent=mary.inbox, name="Search")
    folder.save()
    folder.bulk_create(
        [
            Message(subject=f"Paged {number:03}", body=f"body {number} {'needle' if number == 77 else 'hay'}", categories=["odd" if number % 2 else "even"])
            for number in range(120)
        ]
    )
    equal(folder.all().count(), 120)
    equal([m.subject for m in folder.all().order_by("subject")[:3]], ["Paged 000", "Paged 001", "Paged 002"])
    equal([m.subject for m in folder.all().order_by("-subject")[10:13]], ["Paged 109", "Paged 108", "Paged 107"])
    query = folder.all().order_by("subject")
    query.page_size = 7
    equal(len(list(query)), 120, "pages of 7")
    equal(folder.filter(subject__startswith="Paged 01").count(), 10)
    equal(folder.filter(subject__contains="aged 1").count(), 20)
    equal(folder.filter(subject__icontains="PAGED 1").count(), 20)
    equal(folder.filter(subject__iexact="paged 005").count(), 1)
    equal(folder.filter(subject="Paged 005").count(), 1)
    equal(folder.exclude(subject__startswith="Paged 0").count(), 20)
    equal(folder.filter(Q(subject="Paged 001") | Q(subject="Paged 002")).count(), 2)
    equal(folder.filter(~Q(subject="Paged 001"), subject__startswith="Paged 00").count(), 9)
    equal(folder.filter(categories__contains=["odd"]).count(), 60)
    equal(folder.filter(datetime_created__gt=EWSDateTime(2000, 1, 1, tzinfo=UTC)).count(), 120)
    equal(folder.filter(datetime_created__range=(EWSDateTime(2000, 1, 1, tzinfo=UTC), EWSDateTime(2001, 1, 1, tzinfo=UTC))).count(), 0)
    equal(folder.filter(subject__in=["Paged 001", "Paged 002", "nothing"]).count(), 2)
    equal(folder.filter(importance__exists=True).count(), 120)
    equal(folder.filter(size__gt=1).count(), 120)
    equal(folder.filter("subject:077").count(), 1, "QueryString")
    equal([m.subject for m in folder.filter("needle")], ["Paged 077"], "QueryString of the body")
    equal(list(folder.filter(subject="Paged 003").values_list("subject", flat=True)), ["Paged 003"])
    equal(len(list(folder.all().only("subject", "is_read"))), 120)
    equal(folder.filter(subject__startswith="Paged 11").order_by("-subject").values_list("subject", flat=True)[0], "Paged 119")
    equal(sum(1 for _ in mary.inbox.walk().filter(subject__startswith="Paged 00")), 10, "over several folders")
    folder.empty()
    equal(folder.all().count(), 0, "emptied")
    folder.delete()
