/** Every command printed in the source (the fourteen posts), as printed, in `isthmus shell` against a lab that has the objects. */
import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { folderFor, run } from '../support/command-line.ts'

/**
 * A move request as the post on bad items has it, until there is a replication service: a function of the script, in the cmdlet's place. Two bad
 * items, one of kind Security.
 */
const moveRequest = `
function Get-MoveRequestStatistics($Identity, [switch]$IncludeReport) {
  if (-not $IncludeReport) { throw 'the report was not asked for' }
  [pscustomobject]@{
    Identity = "$Identity"
    Status = 'Failed'
    Report = [pscustomobject]@{
      BadItems = @(
        [pscustomobject]@{ Kind = 'Security'; FolderName = 'Inbox'; Failure = 'SourcePrincipalMappingException' }
        [pscustomobject]@{ Kind = 'CorruptItem'; FolderName = 'Calendar'; Failure = 'CorruptDataException' }
      )
    }
  }
}
`

/** What stands in the source, with names of the lab for its \`<placeholders>\`. */
const fromSource = {
  services: '(Test-ServiceHealth).ServicesRunning | %{Stop-Service $_ -Force}',
  keptReport: '$movereport = Get-MoveRequestStatistics mary -IncludeReport',
  exported: String.raw`Get-MoveRequestStatistics mary -IncludeReport | Export-CliXml c:\temp\movereport.xml`,
  imported: String.raw`$movereport = Import-CliXml c:\temp\movereport.xml`,
  badItems: '$movereport.report.baditems',
  grid: '$movereport.report.baditems | Out-GridView',
  sentAsOn: 'Set-Mailbox sales –MessageCopyForSentAsEnabled $true',
  sentAsOff: 'Set-Mailbox sales –MessageCopyForSentAsEnabled $false',
  onBehalfOn: 'Set-Mailbox sales –MessageCopyForSendOnBehalfEnabled $true',
  onBehalfOff: 'Set-Mailbox sales –MessageCopyForSendOnBehalfEnabled $false',
  policy: 'Get-ExecutionPolicy',
}

async function labWith(t: TestContext) {
  const folder = await folderFor(t)
  const data = join(folder, 'lab')
  const lab = run(t, 'lab', '--data', data, '--port-base', '0', '--log-level', 'warn')
  await lab.ready(/is ready after/)
  return async (script: string) => {
    const file = join(folder, 'script.ps1')
    await writeFile(file, script)
    return run(t, 'shell', file, '--data', data).ended
  }
}

test('the printed commands are the source’s own', async (t) => {
  const reference = join(import.meta.dirname, '../../../shared/reference/exchange-team-blog-spring-2017.txt')
  const text = await readFile(reference, 'utf8').catch(() => undefined)
  if (text === undefined)
    return t.diagnostic('the source does not lie beside this clone: the commands stand in this file as they were copied')
  const printed = (command: string) =>
    command.replace(/\bsales\b/, '<delegator mailbox name>').replace(/\bmary\b/, '<move request identity>')
  for (const command of Object.values(fromSource)) assert.ok(text.includes(printed(command)), command)
})

test('every command printed in the source runs as printed against the lab', { timeout: 180_000 }, async (t) => {
  const script = await labWith(t)

  // R9: sent items, with the dashes as printed; each is seen at once.
  const sent = await script(`
${fromSource.sentAsOn}
(Get-Mailbox sales).MessageCopyForSentAsEnabled
${fromSource.onBehalfOn}
(Get-Mailbox sales).MessageCopyForSendOnBehalfEnabled
${fromSource.sentAsOff}
${fromSource.onBehalfOff}
Get-Mailbox sales | % { $_.MessageCopyForSentAsEnabled, $_.MessageCopyForSendOnBehalfEnabled }
${fromSource.policy}`)
  const answers = sent.printed.split(/\r?\n/).filter((line) => line && !line.startsWith('WARNING'))
  assert.deepEqual([sent.code, answers], [0, ['True', 'True', 'False', 'False', 'Unrestricted']], sent.printed)

  // R3: the report of a move, in memory, in a file, and in a grid.
  const report = await script(`${moveRequest}
${fromSource.keptReport}
${fromSource.badItems}
'=== from the file'
${fromSource.exported}
$movereport = $null
${fromSource.imported}
$movereport.Status
${fromSource.badItems} | ? Kind -notlike '*Security*' | % FolderName
'=== in the grid'
${fromSource.grid}`)
  assert.equal(report.code, 0, report.printed)
  const [inMemory = '', fromFile = '', inGrid = ''] = report.printed.split(/=== .*\r?\n/)
  assert.match(
    inMemory,
    /Kind\s+FolderName\s+Failure[\s\S]*Security\s+Inbox\s+SourcePrincipalMappingException[\s\S]*CorruptItem\s+Calendar/,
  )
  assert.deepEqual(fromFile.trim().split(/\s+/), ['Failed', 'Calendar'])
  assert.match(inGrid, /Kind\s+FolderName\s+Failure[\s\S]*Security[\s\S]*CorruptItem[\s\S]*1–2 of 2/)

  // R1: every service stops, and the shell still answers.
  const services = await script(`${fromSource.services}
(Get-Service | ? Status -ne Stopped | Measure-Object).Count
(Test-ServiceHealth | ? RequiredServicesRunning | Measure-Object).Count
(Get-Mailbox mary).Alias
Get-Service | Start-Service
(Get-Service | ? Status -ne Running | Measure-Object).Count`)
  assert.deepEqual([services.code, services.printed.trim().split(/\s+/)], [0, ['0', '0', 'mary', '0']], services.printed)
})
