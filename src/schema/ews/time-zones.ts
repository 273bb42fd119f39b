import { daysOfWeek, type TimeZoneRef } from '#model'
import { escapeAttribute, treeOf, writeTree } from '#wire'
import { attribute, choices, dateTime, duration, int, oneOf, optional, string, text, type Codec, type Infer } from '../kernel/index.ts'
import { t } from './namespaces.ts'

/**
 * A zone as an item names it ([MS-OXWSGTZ] 2.2.4.12 TimeZoneDefinitionType): an id alone, or a definition kept as it came
 * and written back unchanged.
 */
export const TimeZoneElement: Codec<TimeZoneRef> = {
  shape: { is: 'own', name: 'timeZone' },
  read: (element) => {
    const { Id, Name } = element.attributes
    const zone: TimeZoneRef = {}
    if (Id !== undefined) zone.id = Id
    if (Name !== undefined) zone.name = Name
    if (element.children.some((child) => typeof child !== 'string')) zone.definition = treeOf(element)
    return zone
  },
  write: (tag, { id, name, definition }) => {
    if (definition) return writeTree(definition, 't', tag)
    const head = id === undefined ? '' : ` Id="${escapeAttribute(id)}"`
    return `<${tag}${head}${name === undefined ? '' : ` Name="${escapeAttribute(name)}"`}/>`
  },
}

const To = t.record({ Kind: attribute(oneOf('Period', 'Group')), Value: text(string) })
const recurring = { To, TimeOffset: duration, Month: int }
const Transitions = t.record({
  Transitions: choices({
    Transition: t.record({ To }),
    AbsoluteDateTransition: t.record({ To, DateTime: dateTime }),
    RecurringDayTransition: t.record({ ...recurring, DayOfWeek: oneOf(...daysOfWeek), Occurrence: int }),
    RecurringDateTransition: t.record({ ...recurring, Day: int }),
  }),
  Id: optional(attribute(string)),
})
/** [MS-OXWSGTZ] 2.2.4.12, read and made member by member: what GetServerTimeZones answers. */
export const TimeZoneDefinition = t.record({
  Periods: optional(t.nonEmptyList('Period', t.record({ Bias: attribute(duration), Name: attribute(string), Id: attribute(string) }))),
  TransitionsGroups: optional(t.nonEmptyList('TransitionsGroup', Transitions)),
  Transitions: optional(Transitions),
  Id: optional(attribute(string)),
  Name: optional(attribute(string)),
})
export type TimeZoneDefinition = Infer<typeof TimeZoneDefinition>
