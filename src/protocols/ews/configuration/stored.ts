import type { FolderRef, Item } from '#mailbox'
import { extendedKey, Refusal, type ExtendedValue, type PropertyPath } from '#model'
import type { EwsContext } from '../context.ts'

/** A configuration's parts, as they lie in its item ([MS-OXOCFG] 2.2.2 ff.). */
export const dictionaryProperty = { tag: 0x7c07, type: 'Binary' } as const
export const xmlProperty = { tag: 0x7c08, type: 'Binary' } as const
export const binaryProperty = { tag: 0x7c09, type: 'Binary' } as const

const paths: PropertyPath[] = [
  { property: 'itemClass' },
  { extended: dictionaryProperty },
  { extended: xmlProperty },
  { extended: binaryProperty },
]

/** The item class of a configuration: the associated items of this class in a folder hold the configuration of that name. */
export function configurationClass(name: string): string {
  if (!/^[A-Za-z0-9._-]{1,239}$/.test(name)) {
    throw new Refusal('InvalidArgument', 'UserConfigurationName/Name: expected letters, digits, dots and underlines')
  }
  return `IPM.Configuration.${name}`
}

/** The item that holds a configuration, or undefined. */
export async function storedConfiguration(context: EwsContext, folder: FolderRef, name: string): Promise<Item | undefined> {
  const found = await context.mailboxes.findItems(context.caller, {
    folders: [folder],
    traversal: 'Associated',
    restriction: { compare: { property: 'itemClass' }, is: '=', with: { value: configurationClass(name) } },
    view: { kind: 'indexed', offset: 0, limit: 1, from: 'Beginning' },
    wanted: { shape: 'ids', paths },
  })
  return found.items[0]
}

/** The bytes of a part of a configuration; undefined when it has none. */
export function partOf(item: Item, property: { tag: number; type: 'Binary' }): Buffer | undefined {
  const value: ExtendedValue | undefined = item.extended[extendedKey(property)]
  return value === undefined ? undefined : Buffer.from(String(value.value), 'base64')
}
