/** What administrators of Exchange type and keep in scripts, against a site: what it shows, as it is shown. */
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { systemCaller } from '#model'
import { createShell, formats, type Terminal } from '#shell'
import { localHost } from '../../src/server/local-host.ts'
import { startTestSite, type TestSite } from '../support/site.ts'
import { memoryFiles } from './desk.ts'

let site: TestSite
before(async () => {
  site = await startTestSite()
})
after(() => site.close())

/** What the terminal shows of a script, without empty lines and spaces at the ends; `<error>` before what is said. */
async function shown(script: string, answers: string[] = []): Promise<{ text: string; files: Map<string, string>; code: number }> {
  const out: string[] = []
  const files = new Map([
    ['c:\\temp\\users.csv', 'Name,Alias,Department,Quota\r\nMary Jensen,mary,Sales,2GB\r\nRob Young,rob,IT,3GB\r\n'],
    ['c:\\temp\\list.txt', 'mary\r\nrob\r\n'],
  ])
  const terminal: Terminal = {
    width: 100,
    write: (text) => void out.push(text),
    say: (kind, text) => void out.push(`<${kind}> ${text}\n`),
    progress: () => undefined,
    readLine: async (prompt) => (out.push(`${prompt}\n`), answers.shift()),
    readSecret: async () => answers.shift(),
    clear: () => undefined,
  }
  const shell = createShell({
    host: localHost(site.admin, systemCaller(site.organisation.id)),
    terminal,
    formats,
    files: memoryFiles(files),
    environment: { USERNAME: 'admin', TEMP: 'c:\\temp' },
    clock: Date.now,
  })
  const { code } = await shell.runToTerminal(script)
  const text = out.join('').split('\n').map((line) => line.trimEnd()).filter(Boolean).join('\n') // prettier-ignore
  return { text, files, code }
}

function scripts(name: string, rows: readonly (readonly [script: string, ...lines: string[]])[]): void {
  test(name, async () => {
    for (const [script, ...lines] of rows) {
      const { text, code } = await shown(script)
      assert.equal(text, lines.join('\n'), script)
      assert.equal(code, 0, script)
    }
  })
}

scripts('reports of mailboxes show what was selected', [
  [
    "Get-Mailbox mary | Select-Object DisplayName, @{Name='Size (MB)';Expression={(Get-MailboxStatistics $_.Identity).TotalItemSize.Value.ToMB()}} | Format-Table -AutoSize",
    'DisplayName Size (MB)',
    '----------- ---------',
    'Mary Jensen         0',
  ],
  ["$sel = @(@{n='N';e={$_.Name}}, 'Alias'); Get-Mailbox mary | Select-Object -Property $sel", 'N           Alias', '-           -----', 'Mary Jensen mary'], // prettier-ignore
  [
    'Get-MailboxStatistics mary | Select DisplayName, ItemCount, DeletedItemCount, TotalItemSize, MailboxGuid | fl D*, Item*',
    'DisplayName      : Mary Jensen',
    'DeletedItemCount : 0',
    'ItemCount        : 0',
  ],
  [
    "Get-MailboxStatistics mary | Select @{N='MB';E={[math]::Round(($_.TotalItemSize.ToString() -replace '(.*\\()|,| [a-z]*\\)', '')/1MB,2)}} | % MB",
    '0',
  ],
  ['Get-Mailbox | Group-Object RecipientTypeDetails -NoElement | Sort-Object Count -Descending | Select-Object -First 1', 'Count Name', '----- ----', '    4 UserMailbox'], // prettier-ignore
  ['Get-Mailbox | Select-Object -Unique -ExpandProperty RecipientTypeDetails', 'UserMailbox', 'SharedMailbox', 'RoomMailbox'],
  ["(Get-Mailbox).ForEach('Alias') -join ','", 'administrator,ann,sales,mary,rob,room1,room2'],
  [
    "Get-Mailbox -RecipientTypeDetails SharedMailbox | Select Name, @{n='Who';e={(Get-MailboxPermission $_.Identity | ? { $_.User -notlike 'NT AUTHORITY*' }).User -join '; '}} | ft -HideTableHeaders",
    'Contoso Sales Mary Jensen; Rob Young',
  ],
  [
    '$report = [System.Collections.Generic.List[Object]]::new(); foreach ($m in Get-Mailbox -Filter "Name -like \'R*\'") { $report.Add([PSCustomObject]@{ User = $m.DisplayName; Type = $m.RecipientTypeDetails }) }; $report | Sort-Object User -Descending | ft',
    'User      Type',
    '----      ----',
    'Room 2    RoomMailbox',
    'Room 1    RoomMailbox',
    'Rob Young UserMailbox',
  ],
  ["$h = @{}; Get-Mailbox | % { $h[$_.RecipientTypeDetails] += 1 }; $h.GetEnumerator() | Sort-Object Value -Descending | Select -First 1 | % { \"$($_.Key) $($_.Value)\" }", 'UserMailbox 4'], // prettier-ignore
])

scripts('what the shell makes is shown in its own columns', [
  ['New-TimeSpan -Hours 26 | fl Days, TotalHours; (New-TimeSpan -Minutes 90) | Out-String -Stream | Select-String "^(Hours|TotalMinutes)\\b" | % Line', '1.02:00:00', 'Hours             : 1', 'TotalMinutes      : 90'], // prettier-ignore
  ['Import-Csv c:\\temp\\users.csv | Get-Member -MemberType NoteProperty | % Name; (Get-Mailbox mary | select Alias | gm -MemberType NoteProperty).Name; (Get-Mailbox mary | gm Alias).MemberType', 'Alias', 'Department', 'Name', 'Quota', 'Alias', 'Property'], // prettier-ignore
  ['1..3 | Group-Object { $_ % 2 }', 'Count Name Group', '----- ---- -----', '    2 1    {1, 3}', '    1 0    {2}'],
  ["'x1', 'y' | Select-String '\\d'; [version]'15.1'; [uri]'https://x.contoso.com/ews' | % Host; [regex]'a+'", 'x1', 'Major Minor Build Revision', '----- ----- ----- --------', '   15     1    -1       -1', 'x.contoso.com', 'a+'], // prettier-ignore
])

scripts('addresses say what they are made of', [
  ['(Get-Mailbox mary).PrimarySmtpAddress.Domain; (Get-Mailbox mary).PrimarySmtpAddress.Local', 'contoso.com', 'mary'],
  ["(Get-Mailbox mary).EmailAddresses | ? { $_.PrefixString -ceq 'SMTP' } | % SmtpAddress; (Get-Mailbox rob).EmailAddresses.IsPrimaryAddress", 'mary@contoso.com', 'True'], // prettier-ignore
  ["(Get-Mailbox mary).PrimarySmtpAddress.Split('@')[1]; ([mailaddress]'mary@contoso.com').Host; ('x' -as [mailaddress]) -eq $null", 'contoso.com', 'contoso.com', 'True'], // prettier-ignore
])

scripts('an error that a script expects is none of its exit code', [
  ['try { Get-Mailbox nobody -EA Stop } catch [Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException] { "none" }', 'none'], // prettier-ignore
  ["if (!(Get-Mailbox nobody -ErrorAction SilentlyContinue)) { 'free' }", 'free'],
  ["Get-Mailbox nobody -ea 0; if ($?) { 'there' } else { 'failed' }", 'failed'],
  ["foreach ($u in Import-Csv c:\\temp\\users.csv) { try { Set-User $u.Alias -Department $u.Department -ErrorAction Stop; \"ok $($u.Alias)\" } catch { \"not $($u.Alias)\" } }; (Get-User rob).Department", 'ok mary', 'ok rob', 'IT'], // prettier-ignore
])

scripts('what scripts for Exchange begin and end with is taken where it is true here', [
  ["Set-ExecutionPolicy -ExecutionPolicy Bypass -Scope Process -Force; Set-ExecutionPolicy RemoteSigned; 'on'", 'on'],
  ["Add-PSSnapin Microsoft.Exchange.Management.PowerShell.SnapIn -ErrorAction SilentlyContinue; 'on'", 'on'],
  ["if (-not (Get-PSSnapin -Name Microsoft.Exchange.Management.PowerShell.E2010 -ErrorAction SilentlyContinue)) { 'load' }; 'on'", 'on'],
  ["if (-not (Get-Module -ListAvailable -Name ExchangeOnlineManagement)) { Install-Module ExchangeOnlineManagement -Force }; Import-Module ExchangeOnlineManagement; 'on'", 'on'], // prettier-ignore
  ["if (-not (Get-Module ActiveDirectory)) { 'none' }", 'none'],
  ["Set-StrictMode -Version Latest; Set-AdServerSettings -ViewEntireForest $true; 'on'", 'on'],
  [". \"$env:ExchangeInstallPath\\bin\\RemoteExchange.ps1\"; Connect-ExchangeServer -auto -ClientApplication:ManagementShell; (Get-Mailbox mary).Alias", 'mary'], // prettier-ignore
  ["Get-PSSession | Remove-PSSession; Disconnect-ExchangeOnline -Confirm:$false; 'on'", 'on'],
  ["if ($PSVersionTable.PSVersion.Major -lt 3) { 'old' } else { 'new' }; $host.UI.RawUI.WindowTitle = 'Mailboxes'", 'new'],
  ['Get-EXOMailbox -ResultSize 2 -Properties Alias, Office -PropertySets Minimum -WarningAction SilentlyContinue | % Alias', 'administrator', 'ann'], // prettier-ignore
])

test('what would run somewhere else is refused by name, and nothing behind it runs', async () => {
  const rows: [script: string, says: RegExp][] = [
    ['Connect-ExchangeOnline -UserPrincipalName a@contoso.com -ShowBanner:$false', /^<error> Connect-ExchangeOnline is not part of this shell: this shell works with its own site.*--connect/],
    ['$s = New-PSSession -ConfigurationName Microsoft.Exchange -ConnectionUri http://ex1/PowerShell/ -Authentication Kerberos', /New-PSSession is not part/],
    ['Import-PSSession $s -DisableNameChecking -AllowClobber', /Import-PSSession is not part/],
    ['Connect-ExchangeServer -ServerFqdn ex2.contoso.com', /Connect-ExchangeServer is not part/],
    ['Set-ExecutionPolicy AllSigned', /the policy AllSigned cannot be set/],
    ['Import-Module ActiveDirectory', /'ActiveDirectory' cannot be loaded/],
    ['Get-ADUser mary -Properties mail', /Get-ADUser is not part of this shell: it belongs to another product's module/],
    ['Connect-MsolService; Connect-AzureAD; Connect-MgGraph', /Connect-MsolService is not part/],
    ['Start-Job { Get-Mailbox }', /there are no jobs/],
    ['Get-Mailbox | ForEach-Object -Parallel { $_ }', /-Parallel is not part of this shell: there are no jobs/],
    ['Test-Connection ex1', /the network is not reached/],
    ['Start-Transcript c:\\temp\\t.txt', /there are no transcripts/],
    ['Remove-Item c:\\temp\\list.txt', /files are only read and written/],
    ["[ValidateSet('a', 'b')]$mode = 'a'", /attributes of variables.*they stand in param/],
    ["[System.Net.Dns]::GetHostName()", /the type \[System\.Net\.Dns\] is not part/],
  ] // prettier-ignore
  for (const [script, says] of rows) {
    const { text, code } = await shown(`${script}\n'never'`)
    assert.match(text, says, script)
    assert.doesNotMatch(text, /never/, script)
    assert.equal(code, 1, script)
  }
})

test('parameters are checked as their attributes say', async () => {
  const script = (given: string) => `
    function Test-It {
      [CmdletBinding(SupportsShouldProcess = $true)]
      param(
        [ValidateScript({ $_ -gt 0 })][int]$Count = 1,
        [ValidateLength(1, 3)][string]$Short = 'abc',
        [ValidateCount(1, 2)][string[]]$Servers = @('a', 'b'),
        [ValidatePattern('^\\w+$')][string]$Tag = 'x',
        [ValidateRange(1, 9)][int]$Days = 7
      )
      "$Count $Short $($Servers.Count) $Tag $Days"
    }
    Test-It ${given}`
  assert.equal((await shown(script('-Count 2 -Servers a -Tag y'))).text, '2 abc 1 y 7')
  assert.match((await shown(script('-Count 0'))).text, /-Count of Test-It must meet \{ \$_ -gt 0 \}/)
  assert.match((await shown(script('-Short abcd'))).text, /-Short of Test-It must have from 1 to 3 characters/)
  assert.match((await shown(script('-Servers a, b, c'))).text, /-Servers of Test-It must have from 1 to 2 values/)
  assert.match((await shown(script("-Tag 'a b'"))).text, /-Tag of Test-It must match/)
})

test('a page of HTML escapes what it shows, and keeps what is given for it as it is', async () => {
  const { files } = await shown(
    "[pscustomobject]@{ Name = '<Mary>'; Items = 2 } | ConvertTo-Html Name, @{n='N';e={$_.Items * 2}} -Title 'A & B' -PreContent '<h1>x</h1>' | Out-File c:\\temp\\m.html",
  )
  const page = files.get('c:\\temp\\m.html')!
  assert.match(page, /<title>A &amp; B<\/title>[\s\S]*<h1>x<\/h1>\r\n<table>\r\n<colgroup><col\/><col\/><\/colgroup>\r\n<tr><th>Name<\/th><th>N<\/th><\/tr>\r\n<tr><td>&lt;Mary&gt;<\/td><td>4<\/td><\/tr>\r\n<\/table>/) // prettier-ignore
  assert.equal((await shown("[pscustomobject]@{ A = 1 } | ConvertTo-Html -Fragment -As List")).text, '<table>\n<tr><td>A:</td><td>1</td></tr>\n</table>') // prettier-ignore
})

test('a choice is asked for until it is one', async () => {
  const script = "$host.UI.PromptForChoice('Remove', 'Sure?', @('&Yes', '&No'), 1)"
  assert.match((await shown(script, ['what', 'y'])).text, /^0$/m)
  assert.match((await shown(script, [''])).text, /^1$/m)
  const described = "$c = [System.Management.Automation.Host.ChoiceDescription[]]((New-Object System.Management.Automation.Host.ChoiceDescription '&Yes', 'does it'), '&No'); $host.UI.PromptForChoice('', 'Sure?', $c, 0)" // prettier-ignore
  assert.match((await shown(described, ['no'])).text, /^1$/m)
})

test('what takes something away asks, unless it is told not to or only to say what it would do', async () => {
  const box = (name: string) => `New-Mailbox -Shared -Name ${name} -Alias ${name} | Out-Null; `
  assert.equal((await shown(`${box('spare1')}Remove-Mailbox spare1 -Confirm:$false; @(Get-Mailbox spare1 -ea 0).Count`)).text, '0')
  assert.match(
    (await shown(`${box('spare2')}Remove-Mailbox spare2 -WhatIf; @(Get-Mailbox spare2).Count`)).text,
    /^<warning> What if: [^?]*\n1$/,
  )
  assert.match((await shown('Remove-Mailbox spare2; @(Get-Mailbox spare2).Count', ['n'])).text, /Are you sure[\s\S]*\n1$/)
  assert.equal((await shown('Set-Mailbox spare2 -DisplayName Changed -Confirm; (Get-Mailbox spare2).DisplayName', ['n'])).text.split('\n').at(-1), 'spare2') // prettier-ignore
  assert.match((await shown('Get-Mailbox spare2 | Remove-Mailbox -Confirm:0; @(Get-Mailbox spare2 -ea 0).Count')).text, /^0$/)
})

test('a function with SupportsShouldProcess asks and says as a cmdlet does', async () => {
  const script = (given: string) => `
    function Remove-It {
      [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')]
      param([Parameter(Mandatory)][string]$Name)
      if ($PSCmdlet.ShouldProcess($Name, 'Remove-It')) { "removed $Name"; Set-Mailbox $Name -Office changed }
    }
    Remove-It ${given}; (Get-Mailbox ann).Office`
  assert.match((await shown(script('ann -WhatIf'))).text, /^What if: Performing the operation "Remove-It" on target "ann"\.$/)
  assert.match((await shown(script('ann'), ['n'])).text, /on target "ann"\.\n\[Y\] Yes[^\n]*$/)
  assert.equal((await shown(script('ann -Confirm:$false'))).text, 'removed ann\nchanged')
})

scripts('files and their names', [
  ["Join-Path $env:TEMP 'report.csv'; Join-Path -Path c:\\Scripts\\ -ChildPath Out, x.csv", 'c:\\temp\\report.csv', 'c:\\Scripts\\Out\\x.csv'], // prettier-ignore
  ["Split-Path c:\\Scripts\\a.ps1; Split-Path c:\\Scripts\\a.ps1 -Leaf; Split-Path c:\\a.ps1; 'c:\\x\\y.txt' | Split-Path -Leaf", 'c:\\Scripts', 'a.ps1', 'c:\\', 'y.txt'], // prettier-ignore
  ["New-Item -ItemType Directory -Path c:\\temp\\reports -Force | Out-Null; New-Item c:\\temp\\a.txt -Value 'x' | Out-Null; Get-Content c:\\temp\\a.txt", 'x'], // prettier-ignore
  ["Get-Content c:\\temp\\list.txt | Select-String '^r' | % Line; Select-String mary c:\\temp\\list.txt; 'a', 'b' | sls z -Quiet", 'rob', 'c:\\temp\\list.txt:1:mary', 'False'], // prettier-ignore
  ['(Measure-Command { Get-Mailbox }).TotalSeconds -ge 0; $x = 1; Measure-Command { $x = 2 } | Out-Null; $x', 'True', '2'],
])
