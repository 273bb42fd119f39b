/** What tasks say of their assignment, of their state and of their folder; tasks that begin anew when they are done. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quickEngines } from '../support/engines.ts'
import { ewsClient } from '../support/ews-client.ts'
import { startTestSite } from '../support/site.ts'
import { all, at, deleteXml, idOf, itemXml, person, setXml, text } from './person.ts'

const task = (inside: string) => `<t:Task>${inside}</t:Task>`
const element = (name: string, value: string) => `<t:${name}>${value}</t:${name}>`
const inTasks = { folder: 'tasks' }
const ofTask = (id: number, type: string) =>
  `<t:ExtendedFieldURI DistinguishedPropertySetId="Task" PropertyId="${id}" PropertyType="${type}"/>`
const extended = (path: string, value: string) => task(`<t:ExtendedProperty>${path}<t:Value>${value}</t:Value></t:ExtendedProperty>`)
const states = ['Accepted', 'Declined', 'Max', 'NoMatch', 'Owned', 'OwnNew']
const described: Record<string, string> = {
  NotStarted: 'Not Started',
  InProgress: 'In Progress',
  WaitingOnOthers: 'Waiting on someone else',
  Deferred: 'Deferred',
  Completed: 'Completed',
}

for (const engine of quickEngines) {
  test(`nobody sets the state of a delegation, and a task that is not assigned says so: MS-OXWSTASK_R85 _R88 _R220 _R223 (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const made = await mary.create(task(element('Subject', 'mine')), inTasks)
    for (const state of states) {
      const given = task(element('DelegationState', state))
      assert.deepEqual(await mary.createCodes(given, inTasks), ['ErrorInvalidPropertySet'], state)
      assert.deepEqual(await mary.updateCodes(made, setXml('task:DelegationState', given)), ['ErrorInvalidPropertySet'], state)
    }
    assert.deepEqual(await mary.updateCodes(made, deleteXml('task:DelegationState')), ['ErrorInvalidPropertyDelete'])
    const read = await mary.get(made)
    assert.deepEqual(['DelegationState', 'IsAssignmentEditable', 'AssignedTime'].map((name) => text(read, name)), ['NoMatch', '0', undefined]) // prettier-ignore
  })

  test(`who assigned a task, and that a team owns it, as MAPI says: MS-OXWSTASK_R221 _R226 (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const made = await mary.create(task(element('Subject', 'given')), inTasks)
    const seen = async () => {
      const read = await mary.get(made)
      return ['Delegator', 'IsTeamTask'].map((name) => text(read, name))
    }
    assert.deepEqual(await seen(), [undefined, 'false'])
    const [assigner, team] = [ofTask(0x8121, 'String'), ofTask(0x8103, 'Boolean')]
    await mary.update(made, setXml(assigner, extended(assigner, 'Rob Young')) + setXml(team, extended(team, 'true')))
    assert.deepEqual(await seen(), ['Rob Young', 'true'])
    await mary.update(made, deleteXml(assigner))
    assert.deepEqual(await seen(), [undefined, 'true'])
  })

  test(`the state of a task, in words too: MS-OXWSTASK_R66 _R232 _R182 (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const made = await mary.create(task(element('Subject', 'a') + element('Owner', 'Ann')), inTasks)
    for (const [status, words] of Object.entries(described)) {
      await mary.update(made, setXml('task:Status', task(element('Status', status))))
      const answer = (await mary.ask(mary.getXml(itemXml(made))))[0]
      assert.deepEqual([answer?.as, answer?.code, answer?.element.name], ['Success', 'NoError', 'GetItemResponseMessage'])
      const read = at(answer?.element, 'Items/Task')
      assert.deepEqual(['Subject', 'Owner', 'Status', 'StatusDescription'].map((name) => text(read, name)), ['a', 'Ann', status, words]) // prettier-ignore
    }
    const strange = mary.createXml(task(element('Status', 'Nearly')), inTasks)
    assert.equal((await ewsClient(site).post(strange)).body.name, 'Fault')
  })

  test(`a folder of tasks: MS-OXWSTASK_R35 (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const usual = await mary.getFolder('tasks')
    assert.deepEqual([usual.name, text(usual, 'FolderClass'), text(usual, 'DisplayName')], ['TasksFolder', 'IPF.Task', 'Tasks'])
    const made = await mary.makeFolder(`<t:TasksFolder>${element('DisplayName', 'Chores')}</t:TasksFolder>`, 'tasks')
    await mary.create(task(element('Subject', 'sweep')), { folder: `<t:FolderId Id="${made.Id}"/>` })
    const read = await mary.getFolder(made)
    assert.deepEqual([read.name, text(read, 'FolderClass'), text(read, 'TotalCount')], ['TasksFolder', 'IPF.Task', '1'])
    const found = await mary.done(
      '<m:FindFolder Traversal="Shallow"><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:ParentFolderIds><t:DistinguishedFolderId Id="tasks"/></m:ParentFolderIds></m:FindFolder>',
    )
    const listed = all(found, 'RootFolder/Folders/TasksFolder').map((one) => idOf(one, 'FolderId').Id)
    assert.deepEqual(listed, [made.Id])
  })

  test(`a task that begins anew is due so long after it was done ([MS-OXOTASK] 2.2.2.2 PidLidTaskRecurrence, ${engine.name})`, async () => {
    const today = new Date()
    const [year, month] = [today.getUTCFullYear(), today.getUTCMonth() - 1]
    const day = (years: number, months: number, days: number) =>
      new Date(Date.UTC(year + years, month + months, 10 + days)).toISOString().slice(0, 10)
    const now = Date.UTC(year, month, 10, 12)
    await using site = await startTestSite({ engine, outside: { clock: () => now } })
    const mary = person(site)
    const dues = { Daily: day(0, 0, 2), Weekly: day(0, 0, 14), Monthly: day(0, 2, 0), Yearly: day(2, 0, 0) }
    for (const [pattern, due] of Object.entries(dues)) {
      const recurrence = `<t:Recurrence><t:${pattern}Regeneration>${element('Interval', '2')}</t:${pattern}Regeneration><t:NoEndRecurrence>${element('StartDate', day(0, 0, -6))}</t:NoEndRecurrence></t:Recurrence>`
      const made = await mary.create(task(element('DueDate', `${day(0, 0, -6)}T00:00:00Z`) + recurrence), inTasks)
      await mary.update(made, setXml('task:Status', task(element('Status', 'Completed'))))
      const next = await mary.get(itemXml(made))
      assert.deepEqual(
        [text(next, 'DueDate'), text(next, 'Status'), text(next, 'IsRecurring')],
        [`${due}T00:00:00Z`, 'NotStarted', 'true'],
        pattern,
      )
    }
  })
}
