from decimal import Decimal

from world import equal, step, world  # first: it says which certificate is trusted

from exchangelib import EWSDate, PostItem, Task


@step
def task_round_trip():
    mary = world.mary
    task = Task(
        account=mary, folder=mary.tasks, subject="Dig", body="Deep", start_date=EWSDate(2030, 1, 7), due_date=EWSDate(2030, 2, 1),
        status="InProgress", percent_complete=Decimal(25), total_work=120, actual_work=30, mileage="3", billing_information="none",
        companies=["Canal Co"], contacts=["Ferdinand"], importance="High",
    ).save()
    read = mary.tasks.get(id=task.id)
    equal((read.subject, read.start_date, read.due_date), ("Dig", EWSDate(2030, 1, 7), EWSDate(2030, 2, 1)))
    equal((read.status, float(read.percent_complete), read.total_work, read.actual_work), ("InProgress", 25.0, 120, 30))
    equal((read.mileage, read.billing_information, read.companies, read.contacts), ("3", "none", ["Canal Co"], ["Ferdinand"]))
    assert not read.is_complete
    read.complete()
    read = mary.tasks.get(id=task.id)
    assert read.is_complete and read.complete_date and float(read.percent_complete) == 100.0, read
    read.delete()


@step
def post_item_round_trip():
    mary = world.mary
    item = PostItem(account=mary, folder=mary.inbox, subject="Posted", body="On the wall").save()
    read = mary.inbox.get(id=item.id)
    assert isinstance(read, PostItem), type(read)
    equal(read.subject, "Posted")
    read.delete()
