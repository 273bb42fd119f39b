/** The commands that run in the shell itself. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { desk } from './desk.ts'
import { cases } from './cases.ts'

cases('ForEach-Object and Where-Object', [
  [
    '1..3 | ForEach-Object { $_ * 2 }; 1, 2 | % -Begin { "b" } -Process { $_ } -End { "e" }; 1, 2 | % { "b" } { $_ } { "e" }',
    '2|4|6|b|1|2|e|b|1|2|e',
  ],
  ['"a", "b" | % ToUpper; Get-Mailbox | % Name; "abc" | % Length; "a-b" | % Split "-"', 'A|B|mary|john|anna|3|a|b'],
  ['$i = 0; 1..3 | % { $i += $_ }; $i', '6'],
  ['1..6 | ? { $_ % 2 }; Get-Mailbox | where Name -eq MARY | % Name; Get-Mailbox | ? Name -match "^j" | % Name', '1|3|5|mary|john'],
  [
    'Get-Mailbox | ? Name -in mary, anna | % Name; Get-Mailbox | ? -not Missing | measure | % Count; Get-Mailbox | ? Name -cne mary | % Name',
    'mary|anna|3|john|anna',
  ],
  ['1, $null, 2 | % { "[$_]" }', '[1]|[]|[2]'],
  ['1, 0, 2 | % { try { 4 / $_ } catch { "none" } }', '4|none|2'],
])

cases('Select-Object', [
  [
    '1..5 | select -First 2; 1..5 | select -Last 2; 1..5 | select -Skip 3; 1..5 | select -SkipLast 3; 1..5 | select -Index 0, 4',
    '1|2|4|5|4|5|1|2|1|5',
  ],
  ['Get-Mailbox mary | select name, Prim*', '@{Name=mary;PrimarySmtpAddress=mary@contoso.com}'],
  ['Get-Mailbox mary | select @{ n = "N"; e = { $_.Name.Length } }, @{ Label = "L"; Expression = "Name" }', '@{N=4;L=mary}'],
  ['Get-Mailbox | select -ExpandProperty Name; Get-Mailbox mary | select * -ExcludeProperty Ident*, Prim*', 'mary|john|anna|@{Name=mary}'],
  ['1, 2, 1, 2 | select -Unique; "a", "A" | select -Unique; Get-Mailbox | select @{ n = "X"; e = { 1 } } -Unique', '1|2|a|A|@{X=1}'],
  ['Get-Mailbox mary | select Nothing; @{ a = 1; b = 2 } | select a', '@{Nothing=$null}|@{a=1}'],
])

cases('Sort-Object, Group-Object, Measure-Object and Compare-Object', [
  ['3, 1, 2 | sort; "b", "A", "c" | sort -Descending; 3, 1, 3 | sort -Unique; 10, 9, "8" | sort', '1|2|3|c|b|A|1|3|8|9|10'],
  [
    'Get-Mailbox | sort Name | % Name; Get-Mailbox | sort { $_.Name[-1] } | % Name; Get-Mailbox | sort @{ e = "Name"; Descending = $true } | % Name',
    'anna|john|mary|anna|john|mary|mary|john|anna',
  ],
  ['1..5 | group { $_ % 2 } | % { "$($_.Name):$($_.Count)" }; (1, 1, 2 | group -NoElement)[0].Group -eq $null', '1:3|0:2|$true'],
  ['(Get-Mailbox | group { $_.Name.Length } -AsHashTable)["4"].Count', '3'],
  ['$m = 1..4 | measure -Sum -Average -Maximum -Minimum; $m.Count; $m.Sum; $m.Average; $m.Maximum; $m.Minimum', '4|10|2.5|4|1'],
  ['(Get-Mailbox | measure).Count; ("a b", "c" | measure -Word -Line).Words; ("abc" | measure -Character).Characters', '3|3|3'],
  [
    'Compare-Object (1, 2, 3) (2, 3, 4) | % { "$($_.InputObject)$($_.SideIndicator)" }; (Compare-Object (1, 2) (1, 2) -IncludeEqual).Count',
    '4=>|1<=|2',
  ],
  ['1, 1, 2, 1 | Get-Unique; Get-Random -Minimum 5 -Maximum 7; 1, 2, 3 | Get-Random', '1|2|1|6|2'],
])

cases('views and output', [
  ['Get-Mailbox mary | ft Name, Identity -AutoSize; Get-Mailbox mary | fl; 5 | fw', 'table[Name,Identity] mary|list[] mary|wide[] 5'],
  ['Get-Mailbox mary | ft @{ Label = "L"; Expression = { $_.Name }; Width = 5; Alignment = "Right" }', 'table[L] mary'],
  ['1, 2 | Out-String; 1, 2 | Out-String -Stream; 1 | Out-Null', '1\r\n2\r\n|1|2'],
  ['Write-Output 1 2; echo a; 1, 2 | tee -Variable v | Out-Null; $v', '1|2|a|1|2'],
  ['Get-Mailbox | Out-GridView -PassThru | % Name', 'mary'],
])

cases('files, CSV, CLIXML and JSON', [
  [
    '"a", "b" | Set-Content x.txt; "c" | Add-Content x.txt; gc x.txt; (gc x.txt -Raw).Length; gc x.txt -TotalCount 1; gc x.txt -Tail 1',
    'a|b|c|9|a|c',
  ],
  ['1, 2 | Out-File y.txt; 3 >> y.txt; Get-Content y.txt; Test-Path y.txt; Test-Path z.txt', '1|2|3|$true|$false'],
  [
    'Get-Mailbox mary | select Name, Identity | Export-Csv m.csv -NoTypeInformation; Import-Csv m.csv -Header N, I | % I',
    'Identity|contoso.com/mary',
  ],
  ['"x,1" | ConvertFrom-Csv -Header A, B | % B; Get-Mailbox mary | select Name | ConvertTo-Csv', '1|"Name"|"mary"'],
  ['@{ a = 1; b = @(1, "x") } | ConvertTo-Json -Compress; (\'{"a": {"b": [1, 2]}}\' | ConvertFrom-Json).a.b[1]', '{"a":1,"b":[1,"x"]}|2'],
  [
    '[System.IO.File]::WriteAllBytes("b.bin", [byte[]](65, 66)); [System.IO.File]::ReadAllBytes("b.bin").Length; (gc b.bin -Encoding Byte)[1]',
    '2|66',
  ],
])

cases('dates, objects, variables and help', [
  [
    'Get-Date -Format yyyy-MM-dd; (Get-Date "2017-05-01").AddHours(1).Hour; (Get-Date -Year 2016 -Month 2 -Day 29).DayOfYear',
    '2017-05-01|1|60',
  ],
  [
    '(New-TimeSpan -Hours 1 -Minutes 30).TotalMinutes; (New-TimeSpan "2017-05-01" "2017-05-03").Days; (Get-Date) - (New-TimeSpan -Days 1) -lt (Get-Date)',
    '90|2|$true',
  ],
  [
    '$o = New-Object PSObject -Property @{ A = 1 }; $o | Add-Member NoteProperty B 2 -Force; $o | Add-Member -NotePropertyName C -NotePropertyValue 3; $o',
    '@{A=1;B=2;C=3}',
  ],
  ['Set-Variable x 5; $x; (Get-Variable x).Value; Get-Variable x -ValueOnly; Remove-Variable x; $x -eq $null', '5|5|5|$true'],
  [
    '(Get-Alias ft).Definition; (Get-Alias -Definition Where-Object).Name; (gcm Get-Mailbox).Name; (gcm -Noun Mailbox -Verb Set).Name; (gcm nothing*).Count; @(gcm $nothing).Count',
    'Format-Table|?|where|Get-Mailbox|Set-Mailbox|0|0',
  ],
  ['(Get-Mailbox mary | gm | ? MemberType -eq Property).Name; ("x" | gm Length).MemberType', 'Identity|Name|PrimarySmtpAddress|Property'],
  ['Get-ExecutionPolicy; $PSVersionTable.PSVersion; $host.Name; (pwd).Path; $env:USERNAME; "$HOME"', 'Unrestricted|5.1|Isthmus|~|mary|~'],
])

test('help says what a command does, takes and is used for', async () => {
  const { text, refusal } = desk()
  assert.match(await text('help Get-Mailbox'), /SYNOPSIS\n {4}Lists mailboxes[\s\S]*SYNTAX\n {4}Get-Mailbox \[\[-Identity\] <identity>\]/)
  assert.match(await text('Get-Help Get-Mailbox -Examples'), /Get-Mailbox mary\n\n {4}Shows the mailbox of Mary/)
  assert.match(await text('Get-Help Set-Mailbox -Full'), /-MessageCopyForSentAsEnabled <boolean>[\s\S]*-WhatIf/)
  assert.match(await text('man ft -Parameter AutoSize'), /-AutoSize/)
  assert.match(await text('Get-Help *mailbox* | % Name'), /Get-Mailbox\|Remove-Mailbox\|Set-Mailbox/)
  assert.equal((await refusal('$ErrorActionPreference = "Stop"; Get-Help Get-Mailbx')).code, 'CmdletNotFound')
})

test('the person is asked and told', async () => {
  const place = desk()
  place.answers.push('mary', 'secret', 'typed', 'hidden')
  assert.equal(
    await place.text('$c = Get-Credential; $c.UserName; Read-Host "Name"; "$(Read-Host -AsSecureString)"'),
    'mary|typed|System.Security.SecureString',
  )
  await place.run('Write-Host "a" -ForegroundColor Red -NoNewline; Write-Host 1 2; Write-Warning w; Write-Verbose v -Verbose; Write-Verbose x; Write-Error e; Write-Progress act -PercentComplete 5; "o" | Out-Host') // prettier-ignore
  assert.deepEqual(place.written, ['a', '1 2\n', 'o\n'])
  assert.deepEqual(place.said.slice(-4), ['warning: w', 'verbose: v', 'error: e', 'progress: act'])
  await place.run('cls')
  assert.deepEqual(place.written, [])
})

test('Export-Csv -Append goes on under the columns of the file, and refuses objects without one of them', async () => {
  const { text, refusal } = desk()
  await text('Get-Mailbox mary | select Name, Identity | Export-Csv a.csv -NoTypeInformation')
  await text('Get-Mailbox john | select Identity, Name | Export-Csv a.csv -NoTypeInformation -Append')
  assert.equal(await text('(Import-Csv a.csv).Name'), 'mary|john')
  const refused = await refusal(
    "$ErrorActionPreference = 'Stop'; [pscustomobject]@{ Name = 'x' } | Export-Csv a.csv -NoTypeInformation -Append",
  )
  assert.match(refused.message, /no property Identity, which is a column of the file/)
  await text("[pscustomobject]@{ Name = 'x' } | Export-Csv a.csv -NoTypeInformation -Append -Force")
  assert.equal(await text('(Import-Csv a.csv).Name'), 'mary|john|x')
  await text('Get-Mailbox mary | select Name | Export-Csv new.csv -NoTypeInformation -Append')
  assert.equal(await text('(Import-Csv new.csv).Name'), 'mary')
})
