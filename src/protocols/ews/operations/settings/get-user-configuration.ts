import { Refusal } from '#model'
import { GetUserConfiguration, type Infer } from '#schema'
import { defaultConfiguration } from '../../configuration/default.ts'
import { readDictionary } from '../../configuration/dictionary.ts'
import { configurationElement } from '../../configuration/element.ts'
import {
  binaryProperty,
  configurationClass,
  dictionaryProperty,
  partOf,
  storedConfiguration,
  xmlProperty,
} from '../../configuration/stored.ts'
import { itemIdElement } from '../../convert/item.ts'
import { folderRef } from '../../folder-reference.ts'
import { answerOne, verb } from '../../verb.ts'

type Part = Infer<typeof GetUserConfiguration.request>['UserConfigurationProperties'][number]

/** A configuration's parts ([MS-OXWSUSRCFG] 3.1.4.3). Neither stored nor known by default → ItemNotFound. */
export const getUserConfiguration = verb(
  GetUserConfiguration,
  async ({ UserConfigurationName: name, UserConfigurationProperties }, context) => [
    await answerOne(context, async () => {
      const wants = (part: Part): boolean => UserConfigurationProperties.includes(part) || UserConfigurationProperties.includes('All')
      const folder = await folderRef(context, name.Folder)
      configurationClass(name.Name)
      const item = await storedConfiguration(context, folder, name.Name)
      if (!item) {
        const entries = await defaultConfiguration(context, name.Name, folder.mailbox)
        if (!entries) throw new Refusal('ItemNotFound', `There is no configuration '${name.Name}' in the folder.`)
        return {
          UserConfiguration: { UserConfigurationName: name, ...(wants('Dictionary') ? { Dictionary: configurationElement(entries) } : {}) },
        }
      }
      const dictionary = partOf(item, dictionaryProperty)
      const xml = partOf(item, xmlProperty)
      const binary = partOf(item, binaryProperty)
      return {
        UserConfiguration: {
          UserConfigurationName: name,
          ...(wants('Id') ? { ItemId: itemIdElement(item.ref, item.head.change) } : {}),
          ...(wants('Dictionary') && dictionary ? { Dictionary: configurationElement(readDictionary(dictionary)) } : {}),
          ...(wants('XmlData') && xml ? { XmlData: xml.toString('base64') } : {}),
          ...(wants('BinaryData') && binary ? { BinaryData: binary.toString('base64') } : {}),
        },
      }
    }),
  ],
)
