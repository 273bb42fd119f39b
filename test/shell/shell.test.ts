/** What surrounds the language: the server's cmdlets, refusals, limits, cancelling, completion, history. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { Refusal } from '#model'
import { desk, mailbox, plain } from './desk.ts'

test('parameters bind by name without case, by unique prefix, by position, and pass values as they are', async () => {
  const { run, calls } = desk()
  await run("set-mailbox MARY -display 'Mary X' -emailaddresses @{ Add = 'a@b'; Remove = 'c@d' } -MessageCopyForSentAsEnabled:$false")
  const [call] = calls
  assert.equal(call!.name, 'Set-Mailbox')
  assert.equal(call!.parameters.get('DisplayName'), 'Mary X')
  assert.equal(plain(call!.parameters.get('EmailAddresses')!), '{Add=a@b;Remove=c@d}')
  assert.equal(call!.parameters.get('MessageCopyForSentAsEnabled'), false)
})

test('a pipeline invokes a cmdlet for each object, by value or by what names the object', async () => {
  const { run, calls } = desk()
  await run("'mary', 'john' | Set-Mailbox -DisplayName x; Get-Mailbox | Set-Mailbox -DisplayName y")
  assert.deepEqual(
    calls.filter(({ name }) => name === 'Set-Mailbox').map(({ parameters }) => parameters.get('Identity')),
    ['mary', 'john', 'contoso.com/mary', 'contoso.com/john', 'contoso.com/anna'],
  )
})

test('what the server refuses for one object is said, and the pipeline goes on', async () => {
  const { text, said } = desk()
  assert.equal(await text("'nobody', 'mary' | Get-Mailbox | % Name; 'after'"), 'mary|after')
  assert.deepEqual(said, ["error: There is no mailbox 'nobody'."])
})

test('unknown commands and parameters are refused with what is near them', async () => {
  for (const [script, message] of [
    ['Get-Mailbx', /There is no command 'Get-Mailbx'. Near it: Get-Mailbox/],
    ['Get-Mailbox -Identiti x', /Get-Mailbox has no parameter -Identiti. Near it: -Identity/],
    ['Get-Mailbox -R x', /-R of Get-Mailbox can be -ResultSize, -RecipientTypeDetails/],
    ['Get-Mailbox a b', /Get-Mailbox has no place for the value 'b'/],
    ['Set-Mailbox', /Set-Mailbox needs -Identity/],
    ['Get-Mailbox -RecipientTypeDetails Nonsense', /must be one of UserMailbox, SharedMailbox/],
    ['Get-Mailbox mary -Identity john -Identity x', /given twice/],
  ] as const) {
    const { run, said, calls } = desk()
    await run(script)
    assert.match(said.join('\n'), message, script)
    assert.deepEqual(calls, [], script)
  }
})

test('an error that ends a script is the refusal that it comes from', async () => {
  const { refusal } = desk()
  assert.equal((await refusal('Get-Mailbox nobody -ErrorAction Stop')).code, 'ObjectNotFound')
  assert.equal((await refusal('try { Get-Mailbox nobody -ErrorAction Stop } catch { throw }')).code, 'ObjectNotFound')
  assert.match((await refusal('$ErrorActionPreference = "Stop"; function f { param([Parameter(Mandatory)]$A) }; f')).message, /^f needs -A/)
})

test('what destroys is asked for: yes, no, all of them, none of them', async () => {
  for (const [answers, script, done] of [
    [['y', 'n', ''], 'Get-Mailbox | Remove-Mailbox', ['contoso.com/mary', 'contoso.com/anna']],
    [['a'], 'Get-Mailbox | Remove-Mailbox', ['contoso.com/mary', 'contoso.com/john', 'contoso.com/anna']],
    [['n', 'l'], 'Get-Mailbox | Remove-Mailbox', []],
    [[], 'Remove-Mailbox mary', []],
    [[], 'Remove-Mailbox mary -Confirm:$false', ['mary']],
    [['y'], 'Remove-Mailbox mary -Confirm:$true', ['mary']],
    [[], '$ConfirmPreference = "None"; Remove-Mailbox mary', ['mary']],
  ] as const) {
    const place = desk()
    place.answers.push(...answers)
    await place.run(script)
    const removed = place.calls.filter(({ name }) => name === 'Remove-Mailbox').map(({ parameters }) => parameters.get('Identity'))
    assert.deepEqual(removed, done, `${script} ${answers.join()}`)
    assert.equal(place.answers.length, 0)
  }
})

test('-WhatIf goes to the server, which says what it would do; nobody is asked', async () => {
  const { run, calls, said } = desk()
  await run('Remove-Mailbox mary -WhatIf; $WhatIfPreference = $true; Set-Mailbox john -DisplayName x')
  assert.deepEqual(calls.map(({ parameters }) => parameters.get('WhatIf')), [true, true]) // prettier-ignore
  assert.deepEqual(said, ['warning: What if: Remove-Mailbox mary.', 'warning: What if: Set-Mailbox john.'])
})

test('words of a command line are values, and parameters by name', async () => {
  const script = 'param([string]$Identity, [switch]$Force, [bool]$Ask = $true, [int]$Days = 1) "$Identity $Force $Ask $($Days + 1)"'
  const given = async (...words: string[]) => (await Array.fromAsync(desk().shell.run(script, { words }))).join()
  assert.equal(await given('mary'), 'mary False True 2')
  assert.equal(await given('-Identity', 'mary', '-Force', '-Ask:$false', '-Days', '7'), 'mary True False 8')
  assert.equal(await given('-id', '-5', '-Force:$false'), '-5 False True 2')
  assert.deepEqual(await Array.fromAsync(desk().shell.run('$args', { words: ['one', 'two'] })), ['one', 'two'])
})

test('what is left out of the language is refused by name, with its place', async () => {
  for (const [script, what] of [
    ['1\n class X { }', /Line 2, column 2: classes are not part of this shell/],
    ['using namespace System', /using is not part/],
    ['workflow x { }', /workflows are not part/],
    ['enum E { A }', /enumerations/],
    ['trap { 1 }', /trap is/],
    ['[xml]"<a/>"', /the type \[xml\] is not part/],
    ['[securestring]"x"', /the type \[securestring\]/],
    ['[System.Net.WebClient]::new()', /the type \[System.Net.WebClient\]/],
    ['[math]::Nonsense(1)', /\[math\]::Nonsense is not part/],
    ['[System.IO.File]::Delete("x")', /Delete is not part/],
    ['Get-Mailbox &', /jobs/],
    ['Get-Mailbox && Get-Mailbox', /pipeline chains/],
    ['$x ? 1 : 2', /operators \?: and \?\?/],
    ['configuration c { }', /DSC/],
    ['"x" < y', /redirection of input/],
    ['Get-Mailbox --% x', /--% is/],
    ['"a" -match "(?>a)"', /atomic/],
  ] as const) {
    const refusal = await desk().refusal(script)
    assert.equal(refusal.code, 'NotInLanguage', script)
    assert.match(refusal.message, what, script)
  }
  for (const [script, what] of [
    ['Invoke-Expression "1"', /Invoke-Expression is not part of this shell: text is not run/],
    ['Add-Type x', /no .NET types/],
    ['Start-Job { }', /no jobs/],
    ['ping localhost', /programs of the system/],
    ['. .\\x.ps1', /script files are not started/],
    ['. http://example.com/x.ps1', /script files are not started/],
    ['Invoke-Command { }', /one site/],
    ['Set-ExecutionPolicy Restricted', /cannot be set/],
    ['Get-ChildItem', /not listed/],
    ['New-Object System.Net.WebClient', /New-Object/],
  ] as const) {
    const refusal = await desk().refusal(script)
    assert.equal(refusal.code, 'NotInLanguage', script)
    assert.match(refusal.message, what, script)
  }
})

test('what cannot be read is refused with line, column and what stands near', async () => {
  for (const [script, line, column] of [
    ['1 +', 1, 4],
    ['(1', 1, 3],
    ['"abc', 1, 1],
    ['"a\n $(1', 2, 3],
    ['if (1) {\n 2', 1, 8],
    ['@{ a 1 }', 1, 6],
    ['1 2', 1, 3],
    ['5 = 6', 1, 1],
    ['Get-Mailbox | 5', 1, 15],
    ['}', 1, 1],
    ['else { }', 1, 1],
    ['$x = ', 1, 6],
    ['foreach ($x of 1) { }', 1, 13],
    ['<# never', 1, 1],
    ["@'\nabc", 1, 1],
    ['1 -nonsense 2', 1, 3],
  ] as const) {
    const refusal = await desk().refusal(script)
    assert.equal(refusal.code, 'ScriptProblem', script)
    assert.deepEqual([refusal.detail.line, refusal.detail.column], [line, column], `${script}: ${refusal.message}`)
  }
})

test('limits are refused by name and no script catches them', async () => {
  for (const [script, limit] of [
    ['function f { f }; try { f } catch { "caught" }', 'calls'],
    ['$b = { & $b }; & $b', 'calls'],
    ['"("'.repeat(3) && '('.repeat(1000), 'nesting'],
    ['1' + '+1'.repeat(5000), 'nesting'],
    ['{'.repeat(2000), 'nesting'],
    ['"$('.repeat(2000), 'nesting'],
    ['#'.padEnd(2 ** 20 + 1, 'x'), 'script'],
    ['$s = "x"; while ($true) { $s += $s }', 'text'],
    ['"x" * 1000000000', 'text'],
    ['$a = @(1); while ($true) { $a += $a }', 'elements'],
    ['$a = 1..1000000000', 'elements'],
    ['"".PadLeft(2000000000)', 'text'],
    ['$a = 1..2000; $b = , $a * 2000; $c = , $b * 2000; "$c"', 'text'],
    ['$a = @(Get-Mailbox) * 2000; $b = , $a * 2000; $b.Name', 'elements'],
    ['("a" * 30000000).ToCharArray()', 'elements'],
    ['("a" * 100000) -like ("*" + "a" * 50000 + "b")', 'matching'],
    ['("{0,999999}" * 200) -f 1', 'text'],
    ['("a" * 40) -match "^(a+)+b"', 'matching'],
    ['("a" * 3000) -match ".*.*.*.*x"', 'matching'],
    ['"a" -match "((a{1000}){1000}){1000}"', 'matching'],
  ] as const) {
    const { refusal } = desk()
    const found = await refusal(script)
    assert.equal(found.code, 'ScriptLimit', script.slice(0, 60))
    assert.equal(found.detail.limit, limit, `${script.slice(0, 60)}: ${found.message}`)
  }
  const few = desk({ limits: { steps: 1000 } })
  assert.equal((await few.refusal('while ($true) { }')).detail.limit, 'steps')
})

test('lists within lists and tables within themselves are shown, not followed for ever', async () => {
  const { text } = desk()
  assert.equal(
    await text('$t = @{}; $t.self = $t; "$t"; ($t | ConvertTo-Json -Compress).Length -lt 500'),
    'System.Collections.Hashtable|$true',
  )
  assert.match(await text('$a = @(1); foreach ($i in 1..20000) { $a = , $a }; "$a"; $a.Name'), /System.Object/)
})

test('the signal ends everything at once, whatever it waits for', async () => {
  for (const script of [
    'while ($true) { }',
    'for (;;) { $i++ }',
    '1..1000000000 | Out-Null',
    'Get-Endless',
    'Start-Sleep 1000',
    'try { while ($true) { } } finally { while ($true) { } }',
    'function f { f2 }; function f2 { while ($true) { 1 } }; f | Out-Null',
    'Get-Mailbox | % { Get-Endless }',
    'while ($true) { try { Get-Endless -ErrorAction Stop } catch { } }',
    '1..1000000000 | % { $_ } | ? { $false }',
    '1..3000000 | sort { -$_ }',
  ]) {
    const stop = new AbortController()
    const running = desk().run(script, stop.signal)
    setImmediate(() => stop.abort())
    await assert.rejects(running, (error) => error instanceof Refusal && error.code === 'RequestAborted', script)
  }
})

test('leaving the loop ends the cmdlet on the server', async () => {
  let isEnded = false
  const { shell } = desk({
    host: {
      describe: async () => [{ name: 'Get-All', summary: '', parameters: [], changes: false }],
      async *invoke() {
        try {
          for (;;) yield mailbox('x')
        } finally {
          isEnded = true
        }
      },
    },
  })
  for await (const _ of shell.run('Get-All')) break
  assert.equal(isEnded, true)
  isEnded = false
  assert.equal((await Array.fromAsync(shell.run('Get-All | Select-Object -First 2'))).length, 2)
  assert.equal(isEnded, true)
})

test('a hundred thousand objects pass, and a hundred thousand are computed', { timeout: 120_000 }, async () => {
  const { text } = desk()
  assert.equal(await text('(Get-Many 100000 | Where-Object Name -like "*7" | Select-Object Name | Measure-Object).Count'), '10000')
  assert.equal(await text('(1..100000 | % { $_ * 2 } | measure -sum).Sum'), '10000100000')
})

test('the terminal sees output, errors and the code of exit', async () => {
  const place = desk()
  assert.deepEqual(await place.shell.runToTerminal('"a"; Get-Mailbox nobody; 1 / 0; "b"'), { code: 0, exits: false })
  assert.deepEqual(place.written, ['a\n', 'b\n'])
  assert.deepEqual(place.said, ["error: There is no mailbox 'nobody'.", 'error: Attempted to divide by zero.'])
  assert.deepEqual(await place.shell.runToTerminal('exit 3; "no"'), { code: 3, exits: true })
  assert.deepEqual(await place.shell.runToTerminal('throw "bad"; "no"'), { code: 1, exits: false })
  assert.equal(place.said.at(-1), 'error: bad')
  assert.deepEqual(await place.shell.runToTerminal('1 +'), { code: 1, exits: false })
  assert.equal(place.written.length, 2)
})

test('a session keeps variables, functions, errors and history', async () => {
  const { shell, text, refusal } = desk()
  await text('$x = 5; function f { $x + 1 }')
  assert.equal(await text('f'), '6')
  assert.equal(shell.variables.get('X'), 5)
  shell.variables.set('y', 'z')
  assert.equal(await text('$y'), 'z')
  await refusal('throw "no"')
  assert.deepEqual(shell.history.map(({ command, status }) => [command, status]).slice(-2), [['$y', 'Completed'], ['throw "no"', 'Failed']]) // prettier-ignore
  assert.equal(await text('(h).Count; (Get-History -Count 1).CommandLine'), '4|throw "no"')
})

test('unfinished input asks for more; wrong input does not', () => {
  const { shell } = desk()
  for (const text of [
    'if ($x) {',
    '(1,',
    'Get-Mailbox |',
    '"abc',
    "@'\nabc",
    '1 +',
    'Get-Mailbox `',
    '@{ a = 1',
    '$(',
    '<# a',
    'try { 1 }',
  ]) {
    assert.equal(shell.isComplete(text), false, text)
  }
  for (const text of ['', '1 + 1', 'Get-Mailbox | ft', '}', '1 2', 'class X {}', '"a"']) assert.equal(shell.isComplete(text), true, text)
})

test('completion offers commands, parameters, values, identities, variables and properties', async () => {
  const { shell, run } = desk({ identities: async (cmdlet, parameter, text) => [`${text}ry`, 'Mary Smith', `${cmdlet}/${parameter}`] })
  await run('$movereport = Get-MoveRequestStatistics mary -IncludeReport; function Show-It($Size) { }')
  const offered = async (text: string) => (await shell.complete(text, text.length)).map((one) => text.slice(0, one.start) + one.text)
  assert.deepEqual(await offered('get-mailb'), ['Get-Mailbox'])
  assert.deepEqual(await offered('Get-Mailbox | Where-O'), ['Get-Mailbox | Where-Object'])
  assert.deepEqual(await offered('Set-Mailbox mary -disp'), ['Set-Mailbox mary -DisplayName'])
  assert.deepEqual(await offered('Set-Mailbox mary –wh'), ['Set-Mailbox mary -WhatIf'])
  assert.deepEqual(await offered('Set-Mailbox mary -MessageCopyForSentAsEnabled $t'), [
    'Set-Mailbox mary -MessageCopyForSentAsEnabled $true',
  ])
  assert.deepEqual(await offered('Get-Mailbox -RecipientTypeDetails s'), ['Get-Mailbox -RecipientTypeDetails SharedMailbox'])
  assert.deepEqual(await offered('Get-Mailbox ma'), ['Get-Mailbox mary', "Get-Mailbox 'Mary Smith'"])
  assert.deepEqual(await offered('$mover'), ['$movereport'])
  assert.deepEqual(await offered('$movereport.report.b'), ['$movereport.report.BadItems'])
  assert.deepEqual(await offered('Show-It -s'), ['Show-It -Size'])
  assert.deepEqual(await offered('"abc $env:us'), ['"abc $env:USERNAME'])
  assert.deepEqual(await offered('Nothing-Known -x'), [])
})

test('a secret is never shown', async () => {
  const { text, calls } = desk()
  const shown = await text('$s = ConvertTo-SecureString "P@ss" -AsPlainText -Force; "$s"; $s | ConvertTo-Json; $s | Out-String; Set-Mailbox mary -DisplayName $s; $c = New-Object PSCredential("mary", $s); "$c"; $c.UserName; $c.GetNetworkCredential().Password') // prettier-ignore
  assert.equal(shown.match(/P@ss/g)?.length, 1)
  assert.match(shown, /P@ss$/)
  assert.equal(String(calls[0]!.parameters.get('DisplayName')), 'System.Security.SecureString')
})
