import { attribute, base64, choice, nonEmptyString, nullable, oneOf, optional, repeated, string, tokens } from '../../kernel/index.ts'
import { DistinguishedFolderId, FolderId, ItemId } from '../ids.ts'
import { t } from '../namespaces.ts'
import { batch } from '../operation.ts'

export const UserConfigurationName = t.record({
  Folder: choice({ FolderId, DistinguishedFolderId }),
  Name: attribute(nonEmptyString),
})

export const UserConfigurationDictionaryObject = t.record({
  Type: oneOf(
    'DateTime',
    'Boolean',
    'Byte',
    'String',
    'Integer32',
    'UnsignedInteger32',
    'Integer64',
    'UnsignedInteger64',
    'StringArray',
    'ByteArray',
  ),
  Value: repeated(string),
})

export const UserConfigurationDictionaryEntry = t.record({
  DictionaryKey: UserConfigurationDictionaryObject,
  DictionaryValue: nullable(UserConfigurationDictionaryObject),
})

export const UserConfiguration = t.record({
  UserConfigurationName,
  ItemId: optional(ItemId),
  Dictionary: optional(t.list('DictionaryEntry', UserConfigurationDictionaryEntry)),
  XmlData: optional(base64),
  BinaryData: optional(base64),
})

export const CreateUserConfiguration = batch('CreateUserConfiguration', '[MS-OXWSUSRCFG] 3.1.4.1', {
  request: { UserConfiguration },
  message: {},
})

export const GetUserConfiguration = batch('GetUserConfiguration', '[MS-OXWSUSRCFG] 3.1.4.3', {
  request: { UserConfigurationName, UserConfigurationProperties: tokens(oneOf('Id', 'Dictionary', 'XmlData', 'BinaryData', 'All')) },
  message: { UserConfiguration: optional(UserConfiguration) },
})

export const UpdateUserConfiguration = batch('UpdateUserConfiguration', '[MS-OXWSUSRCFG] 3.1.4.4', {
  request: { UserConfiguration },
  message: {},
})

export const DeleteUserConfiguration = batch('DeleteUserConfiguration', '[MS-OXWSUSRCFG] 3.1.4.2', {
  request: { UserConfigurationName },
  message: {},
})
