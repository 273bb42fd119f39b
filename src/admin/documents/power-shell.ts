import type { CmdletDescription, ParameterDescription } from '#shell'
import type { Cmdlet } from '../registry/cmdlet.ts'
import { describe } from '../registry/describe.ts'
import type { ParameterType } from '../registry/parameter.ts'
import { powerShellCore } from './power-shell-core.ts'
import { isShellOwn } from './syntax.ts'

/** Windows PowerShell reads a file without this mark in the code page of the machine. */
const mark = '\u{FEFF}'
const moduleGuid = '4f9a3b52-6f0d-4c5e-9a37-0d5b1c7e2a64'
const connecting = ['Connect-Isthmus', 'Disconnect-Isthmus']

/** The .NET type of each type of parameter. What takes several forms, or `$null`, is an object: PowerShell would make text of it. */
const types: Readonly<Record<ParameterType, string>> = {
  string: 'string',
  switch: 'switch',
  boolean: 'bool',
  number: 'long',
  count: 'object',
  enum: 'string',
  identity: 'object',
  secureString: 'System.Security.SecureString',
  credential: 'System.Management.Automation.PSCredential',
  guid: 'guid',
  uri: 'string',
  instant: 'datetime',
  bytes: 'object',
  timeSpan: 'timespan',
  filter: 'string',
  file: 'byte[]',
}

/**
 * A PowerShell module for these cmdlets: the hand-written core, and one thin function a cmdlet with its typed parameters. `Isthmus.psm1` as
 * text, with a byte order mark. A name that PowerShell could take for anything but a name is a defect.
 */
export function powerShellModule(cmdlets: readonly Cmdlet[]): string {
  const described = cmdlets.map((cmdlet) => describe(cmdlet))
  const views = new Map(described.flatMap(({ returns, columns }) => (returns && columns ? [[returns, columns] as const] : [])))
  return [
    `${mark}# Isthmus: ${described.length} cmdlets, for Windows PowerShell 5.1 and PowerShell 7. Written by the site that serves it.`,
    powerShellCore.replaceAll('\n', '\r\n'),
    ...described.map(proxyOf),
    ...[...views].map(([type, columns]) => `Update-TypeData -TypeName ${quoted(`Isthmus.${type}`)} -DefaultDisplayPropertySet ${columns.map(quoted).join(', ')} -Force`), // prettier-ignore
    '',
    `Export-ModuleMember -Function ${exported(described)}`,
    '',
  ].join('\r\n')
}

/** `Isthmus.psd1`, the manifest of the module. */
export function powerShellManifest(cmdlets: readonly Cmdlet[], version: string): string {
  return [
    `${mark}@{`,
    "    RootModule = 'Isthmus.psm1'",
    `    ModuleVersion = ${quoted(version)}`,
    `    GUID = '${moduleGuid}'`,
    "    Description = 'Administers an Isthmus site.'",
    "    PowerShellVersion = '5.1'",
    "    CompatiblePSEditions = @('Desktop', 'Core')",
    `    FunctionsToExport = @(${exported(cmdlets)})`,
    '    CmdletsToExport = @()',
    '    VariablesToExport = @()',
    '    AliasesToExport = @()',
    '}',
    '',
  ].join('\r\n')
}

const exported = (cmdlets: readonly { name: string }[]) => [...connecting, ...cmdlets.map(({ name }) => name)].map(quoted).join(', ')

function proxyOf({ name, summary, parameters, returns = '', changes, destroys }: CmdletDescription): string {
  if (!/^[A-Z][A-Za-z]*-[A-Z][A-Za-z0-9]*$/.test(name)) throw new Error(`${name} is no name of a cmdlet`)
  const own = parameters.filter((parameter) => !(changes && isShellOwn(parameter)))
  const binding = changes ? `SupportsShouldProcess = $true, ConfirmImpact = '${destroys ? 'High' : 'Medium'}'` : ''
  return [
    `function ${name} {`,
    '    # .SYNOPSIS',
    `    # ${inComment(summary)}`,
    ...own.flatMap(({ name: parameter, summary: says }) => (says ? [`    # .PARAMETER ${parameter}`, `    # ${inComment(says)}`] : [])),
    `    [CmdletBinding(${binding})]`,
    '    param(',
    own.map(parameterOf).join(',\r\n'),
    '    )',
    `    process { Invoke-IsthmusCmdlet $PSCmdlet ${quoted(name)} $PSBoundParameters ${quoted(returns)} $${changes} }`,
    '}',
    '',
  ].join('\r\n')
}

function parameterOf(parameter: ParameterDescription): string {
  const { name, mandatory, position, pipeline, values, aliases = [], many, changes, nullable } = parameter
  if (![name, ...aliases].every((each) => /^[A-Za-z][A-Za-z0-9]*$/.test(each))) throw new Error(`${name} is no name of a parameter`)
  const place = [
    ...(mandatory ? ['Mandatory = $true'] : []),
    ...(position === undefined ? [] : [`Position = ${position}`]),
    ...(pipeline ? ['ValueFromPipeline = $true', 'ValueFromPipelineByPropertyName = $true'] : []),
  ]
  const isFree = nullable === true || changes === true
  return [
    `        [Parameter(${place.join(', ')})]`,
    ...(aliases.length ? [`[Alias(${aliases.map(quoted).join(', ')})]`] : []),
    ...(nullable ? ['[AllowNull()]'] : []),
    ...(values && !isFree ? [`[ValidateSet(${values.map(quoted).join(', ')})]`] : []),
    `[${isFree ? 'object' : types[parameter.type as ParameterType]}${many && !changes ? '[]' : ''}] $${name}`,
  ].join(' ')
}

/** In single quotes nothing is special but the quotes themselves: PowerShell takes the curly ones for the straight one. One line alone. */
function quoted(text: string): string {
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text)) throw new Error(`${JSON.stringify(text)} is not one line`)
  return `'${text.replace(/['\u2018-\u201B]/g, '$&$&')}'`
}

/** One line of a comment. */
const inComment = (text: string) => text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()
