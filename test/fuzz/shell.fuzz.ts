/** Arbitrary and changed scripts give results or refusals, in bounded time. `FUZZ_SECONDS` says how long. */
import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { Refusal } from '#model'
import { formats } from '#shell'
import { desk } from '../shell/desk.ts'
import { seconds, seed } from './mutate.ts'

const pieces = [
  '$x', '$_', '$true', '$null', '1', '-5', '2.5', '10MB', '0x1F', "'a'", '"b $x $(1)"', '(', ')', '{', '}', '[', ']', '@(', '@{', '$(', '=', '+=', ';', '\n', '|', ',', '.', '::',
  '+', '-', '*', '/', '%', '..', '-eq', '-like', '-match', '-replace', '-split', '-join', '-f', '-is', '-as', '-in', '-not', '!', '-and', '-or', '++', '--', '[int]', '[datetime]',
  '[string]', '[math]::Round(', '.Count', '.ToUpper()', '.Name', '[0]', '[-1]', 'if', 'else', 'foreach', 'for', 'while', 'do', 'until', 'switch', 'try', 'catch', 'finally', 'throw',
  'function f', 'param(', 'return', 'break', 'continue', 'exit', 'Get-Mailbox', 'Set-Mailbox', 'mary', '-Identity', '–DisplayName', '% {', '? {', 'where Name -eq', 'select Name', 'sort',
  'group', 'measure -Sum', 'ft', 'fl', 'Out-String', 'ConvertTo-Json', 'ConvertFrom-Json', 'gm', 'Get-Help', 'gcm', '2>&1', '> x.txt', '*>', '2>$null', '&', '`', '#', '<#', '#>', "@'\n", "\n'@", '@"\n',
  '\n"@', '“', '”', '‘', '—', '\u00a0', ' ', ' ', ' ', ' ', 'in', '-ErrorAction Stop', '-First 2', '1..5', "'(a+)+b'", '`n', 'class', 'using',
  '[version]', '[regex]', '[uri]', '[mailaddress]', '[char]', '[Collections.Generic.List[object]]::new()', '.Add(1)', '.Sort()', '.PSObject.Properties', '["Name"]', '.Remove("a")', '.Match("*")', '.Domain',
  '.SmtpAddress', '[datetime]::ParseExact(', '"dd.MM.yyyy"', '[ValidateScript({ $_ })]', '[ValidateCount(1, 2)]', '[CmdletBinding(SupportsShouldProcess)]', '$PSCmdlet', '.ShouldProcess(', 'Select-String', 'ConvertTo-Html',
  'Measure-Command', 'Join-Path', 'Split-Path', 'New-Item', 'Get-Module', 'Add-PSSnapin', 'Get-EXOMailbox -Properties', '$host.UI', '.PromptForChoice(', '-WhatIf', '-Confirm:$false', '\0', '\u{1F600}', '\ud800',
] // prettier-ignore

const corpus = [
  '$a = 1..5 | % { $_ * 2 } | ? { $_ -gt 4 }; "$a"',
  'function f([int]$n = 3) { if ($n -le 0) { return }; $n; f ($n - 1) }; f 4 | sort -Descending',
  'try { throw "x" } catch [Exception] { "c $_" } finally { "f" }',
  'switch -regex ("a1", "b") { "\\d" { "digit" } default { "none" } }',
  '$t = [ordered]@{ a = 1; "b c" = @(1, 2) }; $t.GetEnumerator() | % { "{0}={1,5:N2}" -f $_.Key, $_.Value }',
  'Get-Mailbox | select Name, @{ n = "L"; e = { $_.Name.Length } } | ft -AutoSize | Out-String',
  '"a,b;c" -split "[,;]" -join "-"; "2017-05-01" -as [datetime]; (Get-Date).AddDays(-1).ToString("yyyy-MM-dd")',
  "@'\nhere $x\n'@ -replace '(\\w+)', '<$1>'",
  'for ($i = 0; $i -lt 3; $i++) { foreach ($j in 1..2) { if ($j -eq 2) { continue }; "$i$j" } }',
  "Get-Mailbox nobody -ErrorAction SilentlyContinue 2>&1 | Export-CliXml x.xml; Import-Csv y.csv | group A",
  'function f { [CmdletBinding(SupportsShouldProcess)] param([ValidateScript({ $_ -gt 0 })][int]$n = 1) if ($PSCmdlet.ShouldProcess($n)) { $n } }; f 2 -WhatIf; f 0; f 3 -Confirm',
  '$l = [Collections.Generic.List[object]]::new(); $l.Add([version]"1.2"); $l.Add([uri]"https://a.b/c"); $l | sort | ConvertTo-Html -As List; $l.PSObject.Properties["Count"]',
  '[datetime]::ParseExact("05.03.2024 14:30", "dd.MM.yyyy HH:mm", $null); ([regex]"(a+)b").Replace("aab", "$1"); "a1", "b" | sls "\\d" -AllMatches | % { $_.Matches.Value }',
] // prettier-ignore

const noise = fc.string({ unit: 'binary', maxLength: 40 })
const tokens = fc.array(fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...pieces) }, { weight: 1, arbitrary: noise }), { maxLength: 40 }).map((parts) => parts.join(' ')) // prettier-ignore
const changed = fc
  .tuple(
    fc.constantFrom(...corpus),
    fc.array(fc.tuple(fc.nat(200), fc.nat(12), fc.oneof(fc.constantFrom(...pieces), noise)), { maxLength: 5 }),
  )
  .map(([script, edits]) => edits.reduce((text, [at, cut, put]) => text.slice(0, at) + put + text.slice(at + cut), script))
const scripts = fc.oneof(tokens, changed, noise)
const longest = 5000

async function outcome(script: string): Promise<void> {
  const place = desk({ formats, limits: { steps: 3000, text: 200_000, elements: 20_000, matching: 200_000 } })
  const stop = new AbortController()
  const started = process.cpuUsage()
  const late = setTimeout(() => stop.abort(), longest)
  place.shell.isComplete(script)
  await place.shell.complete(script, script.length >> 1)
  try {
    for await (const _ of place.shell.run(script, { signal: stop.signal })) if (stop.signal.aborted) break
    await desk({ formats, limits: { steps: 1000 } }).shell.runToTerminal(script, { signal: stop.signal })
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw new Error(`a defect in ${JSON.stringify(script)}`, { cause: thrown })
  } finally {
    clearTimeout(late)
  }
  const { user, system } = process.cpuUsage(started)
  assert.ok(!stop.signal.aborted && (user + system) / 1000 < longest, `takes too long: ${JSON.stringify(script)}`)
}

test('any script gives results or refusals, in bounded time', { timeout: (seconds + 60) * 1000 }, async (context) => {
  context.diagnostic(`FUZZ_SEED=${seed}`)
  await fc.assert(fc.asyncProperty(scripts, outcome), { seed, numRuns: 1_000_000, interruptAfterTimeLimit: (seconds * 1000) / 4, markInterruptAsFailure: false }) // prettier-ignore
})
