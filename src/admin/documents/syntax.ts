import type { CmdletDescription, ParameterDescription } from '#shell'
import type { ParameterType } from '../registry/parameter.ts'

/** What PowerShell calls the types of parameters. */
export const typeNames: Readonly<Record<ParameterType, string>> = {
  string: 'String',
  switch: 'SwitchParameter',
  boolean: 'Boolean',
  number: 'Int64',
  count: 'Unlimited',
  enum: 'String',
  identity: 'Identity',
  secureString: 'SecureString',
  credential: 'PSCredential',
  guid: 'Guid',
  uri: 'Uri',
  instant: 'DateTime',
  bytes: 'ByteQuantifiedSize',
  timeSpan: 'TimeSpan',
  filter: 'String',
  file: 'Byte[]',
}

/** The name of a parameter's type; a list that takes `@{Add=…; Remove=…}` is what Exchange calls a MultiValuedProperty. */
export function typeName({ type, many, changes }: ParameterDescription): string {
  if (changes) return 'MultiValuedProperty'
  return `${typeNames[type as ParameterType]}${many ? '[]' : ''}`
}

/** The syntax of a cmdlet as `Get-Command -Syntax` prints it: by position first, then what is mandatory, then by name. */
export function syntaxOf({ name, parameters, changes }: CmdletDescription): string {
  const own = parameters.filter((each) => !(changes && isShellOwn(each)))
  const rank = ({ position, mandatory }: ParameterDescription) => position ?? (mandatory ? 1000 : 2000)
  const sorted = own.toSorted((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1))
  return [name, ...sorted.map(parameterText), ...(changes ? ['[-WhatIf]', '[-Confirm]'] : []), '[<CommonParameters>]'].join(' ')
}

/** `-WhatIf` and `-Confirm` come from the shell, at every cmdlet that changes something. */
export const isShellOwn = ({ name }: ParameterDescription): boolean => name === 'WhatIf' || name === 'Confirm'

function parameterText(parameter: ParameterDescription): string {
  const { name, type, values, position, mandatory, many, changes } = parameter
  const label = position === undefined ? `-${name}` : `[-${name}]`
  const choice = values && !many && !changes ? `{${values.join(' | ')}}` : `<${typeName(parameter)}>`
  const text = type === 'switch' ? label : `${label} ${choice}`
  return mandatory ? text : `[${text}]`
}
