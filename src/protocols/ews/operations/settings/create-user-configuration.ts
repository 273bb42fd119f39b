import { Refusal } from '#model'
import { CreateUserConfiguration } from '#schema'
import { configurationParts } from '../../configuration/element.ts'
import { configurationClass, storedConfiguration } from '../../configuration/stored.ts'
import { folderRef } from '../../folder-reference.ts'
import { answerOne, verb } from '../../verb.ts'

/** Stores a configuration in a folder ([MS-OXWSUSRCFG] 3.1.4.1). One of the name is there already → ItemSave. */
export const createUserConfiguration = verb(CreateUserConfiguration, async ({ UserConfiguration }, context) => [
  await answerOne(context, async () => {
    const { Folder, Name } = UserConfiguration.UserConfigurationName
    const folder = await folderRef(context, Folder)
    if (await storedConfiguration(context, folder, Name)) {
      throw new Refusal('ItemSave', `The folder has a configuration '${Name}' already.`)
    }
    await context.mailboxes.createItem(context.caller, folder, {
      kind: 'message',
      associated: true,
      properties: { itemClass: configurationClass(Name), subject: Name },
      extended: configurationParts(UserConfiguration),
    })
    return {}
  }),
])
