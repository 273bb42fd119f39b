import { Refusal } from '#model'
import { DeleteUserConfiguration } from '#schema'
import { storedConfiguration } from '../../configuration/stored.ts'
import { folderRef } from '../../folder-reference.ts'
import { answerOne, verb } from '../../verb.ts'

/** Deletes a configuration ([MS-OXWSUSRCFG] 3.1.4.2). Not there → ItemNotFound. */
export const deleteUserConfiguration = verb(DeleteUserConfiguration, async ({ UserConfigurationName: { Folder, Name } }, context) => [
  await answerOne(context, async () => {
    const item = await storedConfiguration(context, await folderRef(context, Folder), Name)
    if (!item) throw new Refusal('ItemNotFound', `There is no configuration '${Name}' in the folder.`)
    await context.mailboxes.deleteItem(context.caller, item.ref, 'HardDelete')
    return {}
  }),
])
