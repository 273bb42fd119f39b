import { Refusal } from '#model'
import type { PropertyChange } from '#mailbox'
import { UpdateUserConfiguration } from '#schema'
import { configurationParts } from '../../configuration/element.ts'
import { binaryProperty, dictionaryProperty, storedConfiguration, xmlProperty } from '../../configuration/stored.ts'
import { extendedKey } from '#model'
import { folderRef } from '../../folder-reference.ts'
import { answerOne, verb } from '../../verb.ts'

/** Replaces the parts of a configuration that are given ([MS-OXWSUSRCFG] 3.1.4.4). Not there → ItemNotFound. */
export const updateUserConfiguration = verb(UpdateUserConfiguration, async ({ UserConfiguration }, context) => [
  await answerOne(context, async () => {
    const { Folder, Name } = UserConfiguration.UserConfigurationName
    const item = await storedConfiguration(context, await folderRef(context, Folder), Name)
    if (!item) throw new Refusal('ItemNotFound', `There is no configuration '${Name}' in the folder.`)
    const parts = configurationParts(UserConfiguration)
    const changes = [dictionaryProperty, xmlProperty, binaryProperty].flatMap((extended): PropertyChange[] => {
      const value = parts[extendedKey(extended)]
      return value ? [{ op: 'set', path: { extended }, value }] : []
    })
    if (changes.length > 0) await context.mailboxes.updateItem(context.caller, item.ref, changes, { conflict: 'AlwaysOverwrite' })
    return {}
  }),
])
