import { Refusal } from '#model'
import type { ParameterDescription } from '../cmdlets.ts'
import type { CommandCall, CommandRow } from '../language/command-row.ts'
import { toText } from '../language/convert.ts'
import { wildcard } from '../language/wildcard.ts'
import { Thing, type Value } from '../values.ts'

/**
 * What scripts for Exchange begin and end with: settings of the shell, snap-ins, modules and connections. What is true here already is taken;
 * what would have the lines behind it run somewhere else is refused, so that none of them runs on this site instead.
 */
type Output = AsyncGenerator<Value, void, undefined>
type Run = (call: CommandCall) => Output

const nothing: Run = async function* () {
  yield* []
}

function refuse({ name }: CommandCall, why: string): never {
  throw new Refusal('NotInLanguage', `${name} is not part of this shell: ${why}`, { cmdlet: name })
}

const policy: Run = async function* ({ given }) {
  if (!given.is('List')) return yield 'Unrestricted'
  for (const scope of ['MachinePolicy', 'UserPolicy', 'Process', 'CurrentUser', 'LocalMachine'])
    yield new Thing([['Scope', scope], ['ExecutionPolicy', scope === 'LocalMachine' ? 'Unrestricted' : 'Undefined']]) // prettier-ignore
}

/** Scripts run as they are: what asks for that, or for nothing, is done; what forbids scripts is not. */
const setPolicy: Run = async function* (call) {
  const wanted = call.given.text('ExecutionPolicy') ?? ''
  if (!['Bypass', 'Unrestricted', 'RemoteSigned', 'Undefined'].includes(wanted))
    refuse(call, `scripts run as they are (Unrestricted), and signatures are not checked: the policy ${wanted} cannot be set.`)
  yield* []
}

const exchangeModules = /^(exchangeonlinemanagement|exchangeonline|isthmus|microsoft\.exchange\.management\.powershell\..+)$/i
const shellModules = /^microsoft\.powershell\.(management|utility|security|core)$/i
const isHere = (name: string) => exchangeModules.test(name) || shellModules.test(name)

/** Exchange's cmdlets are here without loading; those of other modules are not. */
const load: Run = async function* (call) {
  const strange = call.given.list('Name').map((one) => toText(one)).find((name) => !isHere(name)) // prettier-ignore
  if (strange !== undefined)
    refuse(call, `Exchange's cmdlets are here already, and there are no others: '${strange.slice(0, 100)}' cannot be loaded.`)
  yield* []
}

const loaded: Run = async function* ({ given, name }) {
  const wanted = given.has('Name') ? given.list('Name').map((one) => wildcard(toText(one))) : [() => true]
  const known = /module/i.test(name) ? 'ExchangeOnlineManagement' : 'Microsoft.Exchange.Management.PowerShell.SnapIn'
  const others = known.startsWith('Microsoft') ? ['Microsoft.Exchange.Management.PowerShell.E2010'] : []
  for (const one of [known, ...others])
    if (wanted.some((fits) => fits(one))) yield new Thing([['Name', one], ['Version', '3.0.0']], [], one) // prettier-ignore
}

const elsewhere = 'this shell works with its own site, where the lines behind would run too. Leave the line out when the script is for this site; isthmus shell --connect https://… opens a shell on another.' // prettier-ignore

const connect: Run = async function* (call) {
  yield* []
  refuse(call, elsewhere)
}

/** `-auto` means the server of this place, with which the shell works already. */
const connectServer: Run = async function* (call) {
  if (call.given.has('ServerFqdn') || !(call.given.is('auto') || call.name.toLowerCase().endsWith('.ps1'))) refuse(call, elsewhere)
  yield* []
}

const text = (name: string, more: Partial<ParameterDescription> = {}): ParameterDescription => ({ name, type: 'string', ...more })
const on = (name: string): ParameterDescription => ({ name, type: 'switch' })
const any = (...names: string[]): ParameterDescription[] => names.map((name) => ({ name, type: 'object' }))
const names = text('Name', { position: 0, many: true })
const rest: ParameterDescription = { name: 'Rest', type: 'rest' }
const ofConnections = any('ConnectionUri', 'ConfigurationName', 'ComputerName', 'Credential', 'Authentication', 'UserPrincipalName', 'Organization', 'AppId', 'CertificateThumbprint', 'DelegatedOrganization', 'Prefix', 'SessionOption', 'ExchangeEnvironmentName', 'CommandName', 'Session', 'Id') // prettier-ignore
const switches = [on('AllowRedirection'), on('DisableNameChecking'), on('AllowClobber'), on('Force'), on('UseRPSSession'), on('Device'), { name: 'ShowBanner', type: 'boolean' }] // prettier-ignore

export const preambleRows: readonly CommandRow[] = [
  { name: 'Get-ExecutionPolicy', summary: 'Shows that scripts run as they are.', parameters: [text('Scope', { position: 0 }), on('List')], run: policy },
  {
    name: 'Set-ExecutionPolicy',
    summary: 'Takes the policies under which scripts run as they are; refuses the others.',
    parameters: [text('ExecutionPolicy', { position: 0, values: ['Unrestricted', 'RemoteSigned', 'AllSigned', 'Restricted', 'Default', 'Bypass', 'Undefined'] }), text('Scope', { position: 1 }), on('Force')],
    run: setPolicy,
  },
  { name: 'Set-StrictMode', summary: 'Has no effect here: what is not there is $null.', parameters: [text('Version'), on('Off')], run: nothing },
  { name: 'Set-AdServerSettings', summary: 'Has no effect here: everybody is always in view.', parameters: [...any('ViewEntireForest', 'PreferredServer', 'RecipientViewRoot', 'PreferredGlobalCatalog', 'ConfigurationDomainController', 'SetPreferredDomainControllers')], run: nothing },
  { name: 'Add-PSSnapin', aliases: ['asnp'], summary: "Takes Exchange's own, whose cmdlets are here already.", parameters: [{ ...names, mandatory: true }, on('PassThru')], run: load },
  { name: 'Import-Module', aliases: ['ipmo'], summary: "Takes Exchange's own, whose cmdlets are here already.", parameters: [{ ...names, mandatory: true }, on('Force'), on('Global'), on('PassThru'), on('DisableNameChecking'), on('SkipEditionCheck'), ...any('MinimumVersion', 'RequiredVersion', 'Scope')], run: load },
  { name: 'Install-Module', summary: "Takes Exchange's own, whose cmdlets are here already.", parameters: [{ ...names, mandatory: true }, on('Force'), on('AllowClobber'), on('AcceptLicense'), on('SkipPublisherCheck'), on('AllowPrerelease'), ...any('Scope', 'Repository', 'MinimumVersion', 'RequiredVersion')], run: load },
  { name: 'Get-PSSnapin', summary: "Shows Exchange's snap-ins, whose cmdlets are here.", parameters: [names, on('Registered')], run: loaded },
  { name: 'Get-Module', aliases: ['gmo'], summary: "Shows Exchange's module, whose cmdlets are here.", parameters: [names, on('ListAvailable'), on('All'), on('Refresh')], run: loaded },
  { name: 'Connect-ExchangeServer', summary: 'Takes -auto: the shell works with its site already.', parameters: [on('auto'), text('ClientApplication'), text('ServerFqdn'), on('AllowClobber'), rest], run: connectServer },
  { name: 'Connect-ExchangeOnline', summary: 'Refused: one shell works with one site.', parameters: [...ofConnections, ...switches, rest], run: connect },
  { name: 'New-PSSession', summary: 'Refused: one shell works with one site.', parameters: [...ofConnections, ...switches, rest], run: connect },
  { name: 'Import-PSSession', aliases: ['ipsn'], summary: 'Refused: one shell works with one site.', parameters: [...ofConnections, ...switches, rest], run: connect },
  { name: 'Get-PSSession', aliases: ['gsn'], summary: 'Shows nothing: there are no sessions besides this one.', parameters: [...ofConnections, names], run: nothing },
  { name: 'Remove-PSSession', aliases: ['rsn'], summary: 'Has no effect here: there are no sessions besides this one.', parameters: [...ofConnections, names, inputOf()], run: nothing },
  { name: 'Disconnect-ExchangeOnline', summary: 'Has no effect here: leaving the shell ends its connection.', parameters: [any('Confirm')[0]!, ...any('ConnectionId', 'ModulePrefix')], run: nothing },
] // prettier-ignore

function inputOf(): ParameterDescription {
  return { name: 'InputObject', type: 'object', position: 0, pipeline: true, summary: 'Sessions.' }
}
