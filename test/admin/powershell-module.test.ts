import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cmdlet, parameter as take, powerShellManifest, powerShellModule, type Cmdlet } from '#admin'
import { startTestSite } from '../support/site.ts'
import { functionsOf, readPowerShell, type Token } from './power-shell-reader.ts'

const own = ['Connect-Isthmus', 'Disconnect-Isthmus']
/** The strings after a word, up to the next line. */
const namesAfter = (tokens: Token[], word: RegExp) => {
  const at = tokens.findIndex(({ kind, text }) => kind === 'code' && word.test(text))
  assert.ok(at >= 0, `${word} is not there`)
  return tokens.filter(({ kind, line }) => kind === 'string' && line === tokens[at]!.line).map(({ text }) => text)
}
const moduleOf = (...rows: Cmdlet[]) => powerShellModule(rows)
const thing = (row: Partial<Cmdlet>) =>
  ({ ...cmdlet('Set-Thing', { summary: 'Changes things.', roles: ['x'], parameters: {}, run: async () => undefined }), ...row }) as Cmdlet

test('a site serves the module and its manifest to whoever asks: every cmdlet once, and nothing that PowerShell would read otherwise', async () => {
  await using site = await startTestSite()
  const names = site.admin.cmdlets.map(({ name }) => name)
  const [psm1, psd1, how] = await Promise.all(['Isthmus.psm1', 'Isthmus.psd1', ''].map((file) => site.call(`/adminapi/module${file && `/${file}`}`))) // prettier-ignore
  assert.deepEqual([psm1!.status, psm1!.headers['content-type'], psm1!.headers['content-disposition']], [200, 'text/plain; charset=utf-8', 'attachment; filename="Isthmus.psm1"']) // prettier-ignore
  assert.deepEqual([...psm1!.bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf], 'Windows PowerShell needs the byte order mark')
  assert.ok(!/[^\r]\n/.test(psm1!.body), 'each line ends as Windows ends them')
  const tokens = readPowerShell(psm1!.body.slice(1))
  const functions = functionsOf(tokens)
  const proxies = [...functions.keys()].filter((name) => !name.includes('Isthmus'))
  assert.deepEqual(proxies, names)
  assert.deepEqual(namesAfter(tokens, /^Export-ModuleMember/), [...own, ...names])
  for (const name of own) assert.ok(functions.has(name))
  for (const [name, body] of functions) {
    if (!names.includes(name)) continue
    const calls = body.filter(({ kind, text }) => kind === 'code' && text.startsWith('Invoke-IsthmusCmdlet $PSCmdlet'))
    assert.equal(calls.length, 1, name)
  }
  const manifest = readPowerShell(psd1!.body.slice(1))
  assert.deepEqual(namesAfter(manifest, /^FunctionsToExport/), [...own, ...names])
  assert.deepEqual(namesAfter(manifest, /^RootModule/), ['Isthmus.psm1'])
  assert.ok(how!.body.includes(`Invoke-WebRequest ${site.url}/adminapi/module/Isthmus.psm1 `), how!.body)
  assert.equal((await site.call('/adminapi/module/Isthmus.psm1', { headers: { 'if-none-match': String(psm1!.headers.etag) } })).status, 304)
  assert.equal((await site.call('/adminapi/module/other.ps1')).status, 404)
})

test('every function that the module calls of its own is in it, with every parameter that is named', async () => {
  const functions = functionsOf(readPowerShell(moduleOf(thing({})).slice(1)))
  const called = new Set<string>()
  for (const tokens of functions.values())
    for (const { kind, text } of tokens)
      if (kind === 'code') for (const [name] of text.matchAll(/[A-Z][a-z]+(?:To|From)?-Isthmus[A-Za-z]*/g)) called.add(name)
  assert.ok(called.size > 8)
  assert.deepEqual([...called].filter((name) => !functions.has(name)), []) // prettier-ignore
  const code = [...functions.values()].flat().filter(({ kind }) => kind === 'code').map(({ text }) => text).join('\n') // prettier-ignore
  assert.ok(!/\?\?|\?\.|&&|\|\||-AsHashtable|-SkipHttpErrorCheck|-Parallel|-Authentication/.test(code), 'PowerShell 7 alone knows that')
})

test('parameters have their types, sets, places and pipeline input', () => {
  const text = moduleOf(
    cmdlet('Set-Thing', {
      summary: 'Changes things.',
      roles: ['x'],
      destroys: true,
      parameters: {
        Identity: take.mandatory(take.identity(), { position: 0, pipeline: true }),
        Kind: take.optional(take.oneOf(['Big', 'Small']), { aliases: ['Size', 'S'] }),
        Kinds: take.optional(take.list(take.oneOf(['Big', 'Small']))),
        None: take.optional(take.nullable(take.oneOf(['Big', 'Small']))),
        On: take.optional(take.switched()),
        Enabled: take.optional(take.boolean()),
        Names: take.optional(take.listChange(take.string())),
        Count: take.optional(take.number()),
        Limit: take.optional(take.count()),
        Quota: take.optional(take.bytes()),
        Span: take.optional(take.timeSpan()),
        When: take.optional(take.instant()),
        Data: take.optional(take.file()),
        Password: take.optional(take.secureString()),
        Credential: take.optional(take.credential()),
        Filter: take.optional(take.filter()),
      },
      returns: 'Mailbox',
      run: async () => undefined,
    }),
    cmdlet('Get-Thing', { summary: 'Gives things.', roles: ['x'], parameters: {}, run: async () => undefined }),
  )
  readPowerShell(text.slice(1))
  for (const line of [
    "[CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'High')]",
    '[Parameter(Mandatory = $true, Position = 0, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)] [object] $Identity,',
    "[Parameter()] [Alias('Size', 'S')] [ValidateSet('Big', 'Small')] [string] $Kind,",
    "[Parameter()] [ValidateSet('Big', 'Small')] [string[]] $Kinds,",
    '[Parameter()] [AllowNull()] [object] $None,',
    '[Parameter()] [switch] $On,',
    '[Parameter()] [bool] $Enabled,',
    '[Parameter()] [object] $Names,',
    '[Parameter()] [long] $Count,',
    '[Parameter()] [object] $Limit,',
    '[Parameter()] [object] $Quota,',
    '[Parameter()] [timespan] $Span,',
    '[Parameter()] [datetime] $When,',
    '[Parameter()] [byte[]] $Data,',
    '[Parameter()] [System.Security.SecureString] $Password,',
    '[Parameter()] [System.Management.Automation.PSCredential] $Credential,',
    '[Parameter()] [string] $Filter\r\n    )',
    "process { Invoke-IsthmusCmdlet $PSCmdlet 'Set-Thing' $PSBoundParameters 'Mailbox' $true }",
    "process { Invoke-IsthmusCmdlet $PSCmdlet 'Get-Thing' $PSBoundParameters '' $false }",
    "Update-TypeData -TypeName 'Isthmus.Mailbox' -DefaultDisplayPropertySet 'Name', 'Alias', 'ServerName', 'ProhibitSendQuota' -Force",
  ])
    assert.ok(text.includes(line), line)
  assert.ok(!/\$(WhatIf|Confirm)\b/.test(text), 'these two are PowerShell’s own')
})

test('no text of a cmdlet gets out of its comment or its string', () => {
  const evil = [
    "' ; Remove-Item * ; '",
    '’ ; Remove-Item * ; ‘',
    '#> Remove-Item *',
    'x\nRemove-Item *',
    'x\rRemove-Item *',
    'x\u2028Remove-Item *',
    'x\u0085Remove-Item *',
    '$(Remove-Item *)',
    '@" \nRemove-Item *\n"@',
    '` "',
  ]
  for (const text of evil) {
    assertQuiet(moduleOf(thing({ summary: text, parameters: { Kind: take.optional(take.string(), { summary: text }) } })), text)
    const valued = thing({ parameters: { Kind: take.optional(take.oneOf([text, 'Good'])) }, returns: text })
    if (/[\n\r\u2028\u0085]/.test(text)) assert.throws(() => moduleOf(valued), /is not one line/)
    else assertQuiet(moduleOf(valued), text)
  }
  assert.throws(() => moduleOf(thing({ name: 'Set-Thing; Remove-Item' })), /no name of a cmdlet/)
  assert.throws(() => moduleOf(thing({ parameters: { 'A) ; Remove-Item * #': take.optional(take.string()) } })), /no name of a parameter/)
  assert.throws(() => moduleOf(thing({ parameters: { A: take.optional(take.string(), { aliases: ["')"] }) } })), /no name of a parameter/)
  readPowerShell(powerShellManifest([thing({})], '2.0').slice(1))
})

function assertQuiet(written: string, text: string): void {
  const tokens = readPowerShell(written.slice(1))
  const code = tokens.filter(({ kind }) => kind === 'code').map((token) => token.text)
  assert.ok(!code.some((each) => each.includes('Remove-Item')), JSON.stringify(text))
  assert.ok(!tokens.some(({ kind, text: each }) => kind === 'comment' && /[\u2028\u2029\u0085\r]/.test(each)), JSON.stringify(text))
}
