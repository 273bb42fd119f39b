import { Refusal, type Instant, type TimeZoneRef } from '#model'
import type { XmlElement } from '#wire'

/** What reading needs to know of its surroundings. */
export interface ReadContext {
  /**
   * The instant of a date-time without offset (`2030-03-04T09:00:00`), in the zone named beside it or, without one, in the
   * caller's (TimeZoneContext header, mailbox). Refuses CalendarInvalidTimeZone for zones it does not know.
   */
  local(text: string, zone?: TimeZoneRef): Instant
  /** What to do with elements the table does not have. Servers refuse; clients of newer servers skip. */
  unknownElements?: 'refuse' | 'skip'
}

/** What writing needs to know of its surroundings. */
export interface WriteContext {
  dateTime(instant: Instant): string
}

/** The type of an element's content, as data: how to read it, how to write it, and its shape for whoever derives from it. */
export interface Codec<T> {
  readonly shape: Shape
  read(element: XmlElement, context: ReadContext): T
  /** The whole element; `tag` carries its prefix. */
  write(tag: string, value: T, context: WriteContext): string
  /** For inference alone, never there. */
  readonly type?: T
}

/** A type that is mere text, so that it fits an attribute too. */
export interface TextCodec<T> extends Codec<T> {
  /** What a refusal says was expected. */
  readonly expected: string
  /** Undefined when the text is not of the type. */
  parse(text: string, context: ReadContext): T | undefined
  print(value: T, context: WriteContext): string
}

/** A member of a record that is not simply a required element. Made by `optional`, `attribute`, `repeated`, `choice`, `text`. */
export interface Field<T, Optional extends boolean = boolean> {
  readonly place: 'element' | 'attribute' | 'repeated' | 'choice' | 'choices' | 'text'
  readonly optional: Optional
  readonly codec?: Codec<unknown>
  readonly choices?: Readonly<Record<string, Codec<unknown>>>
  /** For choices whose values know their own element: which one it is. Without it a value is `{ is, value }`. */
  nameOf?(value: unknown): string
  readonly type?: T
}

/** The data behind a codec: what samples, empty values and documentation derive from. */
export type Shape =
  | { readonly is: 'text'; readonly of: string; readonly values?: readonly string[] }
  | { readonly is: 'record'; readonly fields: Readonly<Record<string, Field<unknown>>> }
  | {
      readonly is: 'list'
      readonly choices: Readonly<Record<string, Codec<unknown>>>
      readonly as: 'plain' | 'tagged' | 'named'
      readonly nonEmpty: boolean
    }
  | { readonly is: 'byType'; readonly choices: Readonly<Record<string, Codec<unknown>>> }
  | { readonly is: 'nullable'; readonly of: Codec<unknown> }
  | { readonly is: 'recursive'; readonly of: () => Codec<unknown> }
  | { readonly is: 'own'; readonly name: string }

export type Infer<C> = C extends Codec<infer T> ? T : never

/** `FindItem/ParentFolderIds/FolderId[2]`: the element's place below the SOAP body or the document's root. */
export function pathOf(element: XmlElement): string {
  const steps: string[] = []
  for (let at: XmlElement | undefined = element; at && !soap.has(at.namespace); at = at.parent) {
    const { name, parent } = at
    const namesakes = parent?.children.filter((child) => typeof child !== 'string' && child.name === name) ?? []
    steps.unshift(namesakes.length > 1 ? `${name}[${namesakes.indexOf(at) + 1}]` : name)
  }
  return steps.join('/')
}
const soap = new Set(['http://schemas.xmlsoap.org/soap/envelope/', 'http://www.w3.org/2003/05/soap-envelope'])

/** Refuses SchemaValidation: `FindItem/Traversal: expected Shallow|SoftDeleted|Associated`, with path, line and column. */
export function refuseAt(element: XmlElement, problem: string, attribute?: string): never {
  const path = pathOf(element) + (attribute ? `/${attribute}` : '')
  throw new Refusal('SchemaValidation', `${path}: ${problem}`, { path, problem, line: element.line, column: element.column })
}
