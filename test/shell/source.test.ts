/** The commands that the source prints, as printed, with the formats of the shell. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { formats } from '#shell'
import { desk } from './desk.ts'

test('services that run are stopped, one call each', async () => {
  const { run, calls, said } = desk({ formats })
  await run('(Test-ServiceHealth).ServicesRunning | %{Stop-Service $_ -Force}')
  assert.deepEqual(said, [])
  assert.deepEqual(
    calls.slice(1).map(({ parameters }) => [parameters.get('Name'), parameters.get('Force')]),
    [['MSExchangeIS', true], ['MSExchangeTransport', true], ['W3Svc', true]], // prettier-ignore
  )
})

test('the report of a move is kept in a file, brought back and looked at', async () => {
  const { run, text, files, grids, said } = desk({ formats })
  await run('$movereport = Get-MoveRequestStatistics mary -IncludeReport')
  assert.equal(await text('$movereport.report.baditems | % Kind'), 'Security|CorruptItem')
  await run('Get-MoveRequestStatistics mary -IncludeReport | Export-CliXml c:\\temp\\movereport.xml')
  assert.match(files.get('c:\\temp\\movereport.xml') ?? '', /^<Objs Version="1\.1\.0\.1"/)
  await run('$movereport = $null; $movereport = Import-CliXml c:\\temp\\movereport.xml')
  await run('$movereport.report.baditems | Out-GridView')
  assert.equal(grids[0]?.length, 2)
  assert.equal(await text("$movereport.report.baditems | where Kind -notlike '*Security*' | % { $_.Kind }"), 'CorruptItem')
  assert.ok(
    said.every((one) => one === 'progress: Reading the report'),
    said.join('\n'),
  )
})

test('a dash of typography is a dash', async () => {
  const { run, calls } = desk({ formats })
  await run('Set-Mailbox mary –MessageCopyForSentAsEnabled $true')
  assert.deepEqual(Object.fromEntries(calls[0]!.parameters), { Identity: 'mary', MessageCopyForSentAsEnabled: true })
})

test('views show objects on the terminal', async () => {
  const { shell, written } = desk({ formats })
  await shell.runToTerminal('Get-Mailbox | Format-Table Name, @{n="Upper"; e={$_.Name.ToUpper()}}; Get-Mailbox mary | fl Name, Prim*')
  const shown = written.join('')
  assert.match(shown, /Name\s+Upper/)
  assert.match(shown, /john\s+JOHN/)
  assert.match(shown, /PrimarySmtpAddress : mary@contoso.com/)
})
