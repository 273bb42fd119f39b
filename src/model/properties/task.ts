import { propertySets } from '../extended.ts'
import type { PropertyRow } from './row.ts'

/** One row a property: properties of tasks ([MS-OXWSTASK] 2.2.4.6). */
// prettier-ignore
export const taskProperties: readonly PropertyRow[] = [
  { name: 'actualWork', kind: 'integer', uri: 'task:ActualWork', element: 'ActualWork', on: ['task'], set: 'client', from: 'bag', mapi: { set: propertySets.Task, id: 0x8110, type: 'Integer' } },
  { name: 'assignedTime', kind: 'dateTime', uri: 'task:AssignedTime', element: 'AssignedTime', on: ['task'], set: 'server', from: 'bag' },
  { name: 'billingInformation', kind: 'string', uri: 'task:BillingInformation', element: 'BillingInformation', on: ['task'], set: 'client', from: 'bag', mapi: { set: propertySets.Common, id: 0x8535, type: 'String' } },
  { name: 'changeCount', kind: 'integer', uri: 'task:ChangeCount', element: 'ChangeCount', on: ['task'], set: 'server', from: 'bag' },
  { name: 'taskCompanies', kind: 'strings', uri: 'task:Companies', element: 'Companies', on: ['task'], set: 'client', from: 'bag', mapi: { set: propertySets.Common, id: 0x8539, type: 'StringArray' } },
  { name: 'completeDate', kind: 'dateTime', uri: 'task:CompleteDate', element: 'CompleteDate', on: ['task'], set: 'client', from: 'bag', mapi: { set: propertySets.Task, id: 0x810f, type: 'SystemTime' } },
  { name: 'contacts', kind: 'strings', uri: 'task:Contacts', element: 'Contacts', on: ['task'], set: 'client', from: 'bag', mapi: { set: propertySets.Common, id: 0x853a, type: 'StringArray' } },
  { name: 'delegationState', kind: 'choice', uri: 'task:DelegationState', element: 'DelegationState', on: ['task'], set: 'server', from: 'bag', choices: ['NoMatch', 'OwnNew', 'Owned', 'Accepted', 'Declined', 'Max'] },
  { name: 'delegator', kind: 'string', uri: 'task:Delegator', element: 'Delegator', on: ['task'], set: 'server', from: 'bag', mapi: { set: propertySets.Task, id: 0x8121, type: 'String' } },
  { name: 'dueDate', kind: 'dateTime', uri: 'task:DueDate', element: 'DueDate', on: ['task'], set: 'client', from: 'bag', inDefault: true, mapi: { set: propertySets.Task, id: 0x8105, type: 'SystemTime' } },
  { name: 'isAssignmentEditable', kind: 'integer', uri: 'task:IsAssignmentEditable', element: 'IsAssignmentEditable', on: ['task'], set: 'server', from: 'bag' },
  { name: 'isComplete', kind: 'boolean', uri: 'task:IsComplete', element: 'IsComplete', on: ['task'], set: 'server', from: 'derived', mapi: { set: propertySets.Task, id: 0x811c, type: 'Boolean' } },
  { name: 'taskIsRecurring', kind: 'boolean', uri: 'task:IsRecurring', element: 'IsRecurring', on: ['task'], set: 'server', from: 'derived', mapi: { set: propertySets.Task, id: 0x8126, type: 'Boolean' } },
  { name: 'isTeamTask', kind: 'boolean', uri: 'task:IsTeamTask', element: 'IsTeamTask', on: ['task'], set: 'server', from: 'bag', mapi: { set: propertySets.Task, id: 0x8103, type: 'Boolean' } },
  { name: 'taskMileage', kind: 'string', uri: 'task:Mileage', element: 'Mileage', on: ['task'], set: 'client', from: 'bag', mapi: { set: propertySets.Common, id: 0x8534, type: 'String' } },
  { name: 'owner', kind: 'string', uri: 'task:Owner', element: 'Owner', on: ['task'], set: 'create', from: 'bag', mapi: { set: propertySets.Task, id: 0x811f, type: 'String' } },
  { name: 'percentComplete', kind: 'double', uri: 'task:PercentComplete', element: 'PercentComplete', on: ['task'], set: 'client', from: 'bag', inDefault: true },
  { name: 'taskRecurrence', kind: 'recurrence', uri: 'task:Recurrence', element: 'Recurrence', on: ['task'], set: 'client', from: 'bag' },
  { name: 'startDate', kind: 'dateTime', uri: 'task:StartDate', element: 'StartDate', on: ['task'], set: 'client', from: 'bag', inDefault: true, mapi: { set: propertySets.Task, id: 0x8104, type: 'SystemTime' } },
  { name: 'status', kind: 'choice', uri: 'task:Status', element: 'Status', on: ['task'], set: 'client', from: 'bag', choices: ['NotStarted', 'InProgress', 'Completed', 'WaitingOnOthers', 'Deferred'], inDefault: true, mapi: { set: propertySets.Task, id: 0x8101, type: 'Integer' } },
  { name: 'statusDescription', kind: 'string', uri: 'task:StatusDescription', element: 'StatusDescription', on: ['task'], set: 'server', from: 'derived' },
  { name: 'totalWork', kind: 'integer', uri: 'task:TotalWork', element: 'TotalWork', on: ['task'], set: 'client', from: 'bag', mapi: { set: propertySets.Task, id: 0x8111, type: 'Integer' } },
]
