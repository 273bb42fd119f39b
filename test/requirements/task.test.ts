import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestSite } from '../support/site.ts'
import { at, deleteXml, itemXml, names, person, setXml, text, texts } from './person.ts'

const task = (inside: string) => `<t:Task>${inside}</t:Task>`
const element = (name: string, value: string) => `<t:${name}>${value}</t:${name}>`
const numbered =
  '<t:NumberedRecurrence><t:StartDate>2030-03-04</t:StartDate><t:NumberOfOccurrences>4</t:NumberOfOccurrences></t:NumberedRecurrence>'

test('plain properties of tasks: MS-OXWSTASK_R42 _R44 _R45 _R47 _R49 _R53 _R58 _R60 _R63 _R65 _R67 _R102 _R103 _R104 _R105 _R106', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const single = {
    ActualWork: '90', BillingInformation: 'bill', DueDate: '2030-03-05T00:00:00Z', Mileage: '5 km', PercentComplete: '40', StartDate: '2030-03-04T00:00:00Z',
    Status: 'InProgress', TotalWork: '120',
  } // prettier-ignore
  const lists = { Companies: ['Contoso', 'Fabrikam'], Contacts: ['Ann', 'Rob'] }
  const order = [
    'ActualWork',
    'BillingInformation',
    'Companies',
    'Contacts',
    'DueDate',
    'Mileage',
    'PercentComplete',
    'StartDate',
    'Status',
    'TotalWork',
  ]
  const xml = order.map((name) =>
    name in lists
      ? element(name, lists[name as keyof typeof lists].map((value) => element('String', value)).join(''))
      : element(name, single[name as keyof typeof single]),
  )
  const made = await mary.create(task(xml.join('')), { folder: 'tasks' })
  const read = await mary.get(made)
  for (const [name, value] of Object.entries(single)) assert.equal(text(read, name), value, name)
  for (const [name, values] of Object.entries(lists)) assert.deepEqual(texts(read, `${name}/String`), values, name)
  for (const status of ['NotStarted', 'InProgress', 'WaitingOnOthers', 'Deferred', 'Completed']) {
    const one = await mary.get(await mary.create(task(element('Status', status)), { folder: 'tasks' }))
    assert.equal(text(one, 'Status'), status)
    assert.equal(text(one, 'IsComplete'), String(status === 'Completed'))
  }
  for (const name of ['Mileage', 'Companies', 'DueDate']) {
    await mary.update(made, deleteXml(`task:${name}`))
    assert.equal(at(await mary.get(made), name), undefined, name)
  }
})

test('what the server alone says of tasks: MS-OXWSTASK_R214001 _R45001 _R221001 _R223001 _R5556001 _R5667001 _R226001 _R66001', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const made = await mary.create(task('<t:Subject>mine</t:Subject>'), { folder: 'tasks' })
  for (const [name, value] of [
    ['AssignedTime', '2030-03-04T00:00:00Z'],
    ['ChangeCount', '3'],
    ['DelegationState', 'Owned'],
    ['Delegator', 'x'],
    ['IsAssignmentEditable', '1'],
    ['IsComplete', 'true'],
    ['IsRecurring', 'true'],
    ['IsTeamTask', 'true'],
    ['StatusDescription', 'x'],
  ] as const) {
    assert.deepEqual(
      await mary.createCodes(task(element(name, value)), { folder: 'tasks' }),
      ['ErrorInvalidPropertySet'],
      `CreateItem ${name}`,
    )
    assert.deepEqual(
      await mary.updateCodes(made, setXml(`task:${name}`, task(element(name, value)))),
      ['ErrorInvalidPropertySet'],
      `UpdateItem ${name}`,
    )
  }
})

test('the owner of a task is said once: MS-OXWSTASK_R228 _R228001', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const made = await mary.create(task(element('Owner', 'Ann')), { folder: 'tasks' })
  assert.equal(text(await mary.get(made), 'Owner'), 'Ann')
  assert.deepEqual(await mary.updateCodes(made, setXml('task:Owner', task(element('Owner', 'Rob')))), ['ErrorInvalidPropertySet'])
})

test('a change is counted: MS-OXWSTASK_R45', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const made = await mary.create(task('<t:Subject>a</t:Subject>'), { folder: 'tasks' })
  const count = async () => Number(text(await mary.get(made), 'ChangeCount'))
  const before = await count()
  await mary.update(made, setXml('item:Subject', task('<t:Subject>b</t:Subject>')))
  assert.ok((await count()) > before)
})

test('completing a task: MS-OXWSTASK_R48 _R55 _R5555 _R5556 _R67001 _R67002', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const done = { CompleteDate: '2020-03-05T00:00:00Z', PercentComplete: '100', Status: 'Completed' }
  for (const [name, value] of Object.entries(done)) {
    const made = await mary.create(task('<t:Subject>a</t:Subject>'), { folder: 'tasks' })
    await mary.update(made, setXml(`task:${name}`, task(element(name, value))))
    const read = await mary.get(made)
    assert.deepEqual(
      ['Status', 'PercentComplete', 'IsComplete'].map((field) => text(read, field)),
      ['Completed', '100', 'true'],
      name,
    )
    assert.ok(text(read, 'CompleteDate'), name)
  }
  const made = await mary.create(task('<t:Subject>a</t:Subject>'), { folder: 'tasks' })
  const set = (name: string, value: string) => setXml(`task:${name}`, task(element(name, value)))
  await mary.update(made, set('Status', 'Completed') + set('PercentComplete', '20'))
  const percent = await mary.get(made)
  assert.deepEqual(
    ['Status', 'PercentComplete', 'IsComplete', 'CompleteDate'].map((field) => text(percent, field)),
    ['InProgress', '20', 'false', undefined],
  )
  await mary.update(made, set('PercentComplete', '20') + set('Status', 'Completed'))
  assert.deepEqual(text(await mary.get(made), 'PercentComplete'), '100')
  for (const value of ['-1', '101']) assert.notDeepEqual(await mary.updateCodes(made, set('PercentComplete', value)), ['NoError'])
})

test('recurring tasks of every pattern: MS-OXWSTASK_R56 _R5666 _R5667 _R115 _R117 _R119 _R121 _R123 _R125 _R127 _R129 _R131 _R133', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const every = '<t:Interval>1</t:Interval>'
  const day = '<t:DaysOfWeek>Monday</t:DaysOfWeek>'
  const first = '<t:DayOfWeekIndex>First</t:DayOfWeekIndex>'
  const month = '<t:Month>March</t:Month>'
  for (const [pattern, inside] of Object.entries({
    RelativeYearlyRecurrence: day + first + month,
    AbsoluteYearlyRecurrence: `<t:DayOfMonth>4</t:DayOfMonth>${month}`,
    RelativeMonthlyRecurrence: every + day + first,
    AbsoluteMonthlyRecurrence: `${every}<t:DayOfMonth>4</t:DayOfMonth>`,
    WeeklyRecurrence: every + day,
    DailyRecurrence: every,
    DailyRegeneration: every,
    WeeklyRegeneration: every,
    MonthlyRegeneration: every,
    YearlyRegeneration: every,
  })) {
    const made = await mary.create(task(`<t:Recurrence><t:${pattern}>${inside}</t:${pattern}>${numbered}</t:Recurrence>`), {
      folder: 'tasks',
    })
    const read = await mary.get(made)
    assert.deepEqual(names(at(read, 'Recurrence')), [pattern, 'NumberedRecurrence'])
    assert.equal(text(read, 'IsRecurring'), 'true')
  }
  const never = `<t:Recurrence><t:DailyRecurrence><t:Interval>0</t:Interval></t:DailyRecurrence>${numbered}</t:Recurrence>`
  assert.deepEqual(await mary.createCodes(task(never), { folder: 'tasks' }), ['ErrorCalendarInvalidPropertyValue'])
  const plain = await mary.get(await mary.create(task('<t:Subject>a</t:Subject>'), { folder: 'tasks' }))
  assert.equal(text(plain, 'IsRecurring'), 'false')
})

test('deleting tasks: MS-OXWSTASK_R174 _R175', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const daily = `<t:Recurrence><t:DailyRecurrence><t:Interval>1</t:Interval></t:DailyRecurrence>${numbered}</t:Recurrence>`
  const make = () => mary.create(task(`<t:Subject>a</t:Subject><t:DueDate>2030-03-04T00:00:00Z</t:DueDate>${daily}`), { folder: 'tasks' })
  const all = await make()
  assert.deepEqual(await mary.remove(itemXml(all)), ['ErrorAffectedTaskOccurrencesRequired'])
  assert.deepEqual(await mary.remove(itemXml(all), 'HardDelete', 'AffectedTaskOccurrences="AllOccurrences"'), ['NoError'])
  assert.equal((await mary.find('tasks')).length, 0)
  const one = await make()
  assert.deepEqual(await mary.remove(itemXml(one), 'HardDelete', 'AffectedTaskOccurrences="SpecifiedOccurrenceOnly"'), ['NoError'])
  const [next, ...more] = await mary.find('tasks', { fields: ['task:DueDate'] })
  assert.equal(more.length, 0)
  assert.equal(text(next, 'DueDate'), '2030-03-05T00:00:00Z', 'the next occurrence stands')
})

test('a recurring task that is completed goes on, and what was done stands beside it ([MS-OXOTASK] 2.2.2.2.8)', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const daily = `<t:Recurrence><t:DailyRecurrence><t:Interval>1</t:Interval></t:DailyRecurrence>${numbered.replace('>4<', '>2<')}</t:Recurrence>`
  const id = await mary.create(task(`<t:Subject>Water the plants</t:Subject><t:DueDate>2030-03-04T00:00:00Z</t:DueDate>${daily}`), {
    folder: 'tasks',
  })
  const completed = setXml('task:Status', task('<t:Status>Completed</t:Status>'))
  const done = await mary.update(id, completed)
  assert.notEqual(done.Id, id.Id)
  const shown = async () => {
    const found = await mary.find('tasks', {
      fields: ['item:Subject', 'task:DueDate', 'task:Status', 'task:IsRecurring', 'task:IsComplete'],
    })
    return found
      .map((one) => ['DueDate', 'Status', 'IsRecurring', 'IsComplete'].map((name) => text(one, name)))
      .sort((a, b) => String(a[0]).localeCompare(String(b[0])))
  }
  assert.deepEqual(await shown(), [
    ['2030-03-04T00:00:00Z', 'Completed', 'false', 'true'],
    ['2030-03-05T00:00:00Z', 'NotStarted', 'true', 'false'],
  ])
  assert.equal(text(await mary.get(id), 'Status'), 'NotStarted')
  assert.ok(text(await mary.get(done), 'CompleteDate'))
  // The last one ends the series where it stands.
  assert.equal((await mary.update(id, completed)).Id, id.Id)
  assert.deepEqual((await shown()).map(([, status]) => status), ['Completed', 'Completed']) // prettier-ignore
})
