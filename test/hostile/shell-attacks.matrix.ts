/** What mailboxes hold, files bring and sites say, against the shell and the person at it. */
import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { test } from 'node:test'
import { discover } from '../../src/server/commands/shell/oauth.ts'
import { keepToken, readTokens } from '../../src/server/commands/shell/kept-tokens.ts'
import { createTerminal } from '../../src/server/commands/shell/terminal.ts'
import { StartProblem } from '../../src/server/start-problem.ts'
import { testCertificate } from '../mail/test-certificate.ts'
import { screen } from '../support/screen.ts'
import { desk } from '../shell/desk.ts'
import { signInAt as signInShell } from '../../src/server/commands/shell/sign-in.ts'
import { callerOf, person, signInAt, signInSite } from '../sign-in/program.ts'

/** Sets the clipboard, and moves the cursor. */
const evil = 'Mary\u001b]52;c;ZXZpbA==\u0007\u001b[2J\u009b31m\nnext'

test('what a mailbox holds does not act on the terminal: output, warnings, progress, questions', async () => {
  const [output, error] = [screen(), screen()]
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined }) as unknown as NodeJS.ReadStream
  const terminal = createTerminal({ input, output: output.stream, error: error.stream, interactive: true, asks: true, environment: { NO_COLOR: '1' } }) // prettier-ignore
  await terminal.write(evil)
  await terminal.say('warning', evil)
  terminal.progress?.({ activity: evil, status: evil, percent: 5 })
  const stop = new AbortController()
  const answer = terminal.readLine(evil, stop.signal)
  stop.abort()
  await answer
  terminal.close()
  const seen = [...output.seen, ...error.seen].join('')
  assert.match(seen, /Mary/)
  for (const forbidden of ['\u001b]52', '\u0007', '\u001b[2J', '\u009b']) assert.ok(!seen.includes(forbidden), JSON.stringify(seen))
  assert.doesNotMatch(error.seen.at(-1) ?? '', /\n./, 'progress stays on its line')
})

test('a site that sends people to another one to sign in gets none of its codes', async () => {
  const { cert, key } = await testCertificate()
  let issuer = 'https://real.example'
  const server = createServer({ cert, key }, (_, response) => {
    const own = `https://localhost:${(server.address() as AddressInfo).port}`
    const at = (path: string, from = own) => `${from}/oauth2/${path}`
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(
      JSON.stringify({
        ...{ issuer: issuer || own, authorization_endpoint: at('authorize', issuer || own), token_endpoint: at('token') },
        ...{ device_authorization_endpoint: at('device/code'), revocation_endpoint: at('token/revocation') },
      }),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `https://localhost:${(server.address() as AddressInfo).port}`
  try {
    await assert.rejects(discover({ url, ca: cert }), (error) => error instanceof StartProblem && /real\.example/.test(error.message))
    issuer = ''
    assert.equal((await discover({ url, ca: cert })).issuer, url)
    await assert.rejects(discover({ url }), (error) => error instanceof StartProblem && /cannot be reached/.test(error.message))
  } finally {
    server.close()
  }
})

test('tokens lie in a file for the user alone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tokens-'))
  const before = process.env.ISTHMUS_HOME
  process.env.ISTHMUS_HOME = join(folder, 'own')
  try {
    await keepToken('https://a contoso.com', { accessToken: 'one', expires: 1 })
    await Promise.all([
      keepToken('https://b contoso.com', { accessToken: 'two', expires: 1 }),
      keepToken('https://a contoso.com', undefined),
    ])
    assert.equal(typeof (await readTokens()), 'object')
    const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((one) => one.isFile())
    assert.equal(files.length, 1, 'nothing is left beside it')
    assert.equal((await stat(join(files[0]!.parentPath, files[0]!.name))).mode & 0o077, 0)
    assert.equal((await stat(files[0]!.parentPath)).mode & 0o077, 0)
  } finally {
    if (before === undefined) delete process.env.ISTHMUS_HOME
    else process.env.ISTHMUS_HOME = before
    await rm(folder, { recursive: true, force: true })
  }
})

test('the shell signs in at a site by device code, with a second factor, and is who was signed in', { timeout: 60_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tokens-'))
  const before = process.env.ISTHMUS_HOME
  process.env.ISTHMUS_HOME = folder
  await using site = await signInSite()
  try {
    const who = person(site)
    const told: string[] = []
    const code = Promise.withResolvers<string>()
    const shell = await signInShell({
      ...{ site: { url: site.url, ca: site.ca }, organisation: 'contoso.com', by: 'device', signal: AbortSignal.timeout(50_000) },
      tell: (text) => {
        told.push(text)
        const found = /code ([A-Z-]{9})\.$/.exec(text)?.[1]
        if (found) code.resolve(found)
      },
    })
    const token = shell.token()
    const user_code = await Promise.race([code.promise, token])
    let page = await (await who.browser.open('/oauth2/device')).submit({ user_code })
    page = await signInAt(site, who, await page.submit({ confirm: 'yes' }))
    assert.match(page.text, /The program is let in/)
    const caller = await callerOf(site, await token)
    assert.deepEqual([caller?.address, caller?.signedIn?.secondFactor], ['boss@contoso.com', true])
    await shell.signOut()
    await assert.rejects(callerOf(site, await token))
  } finally {
    if (before === undefined) delete process.env.ISTHMUS_HOME
    else process.env.ISTHMUS_HOME = before
    await rm(folder, { recursive: true, force: true })
  }
})

test('scripts that would take all memory or time are refused, soon', async () => {
  const began = performance.now()
  const shell = desk()
  for (const script of [
    `('a' * 40) -match '(a+)+$'; ('a' * 30000 + '!') -match '(a|a)*$'`,
    `('a' * 2000 + '!') -replace '(a*)*b', ''`,
    `'x' -match ('(' * 5000 + 'x' + ')' * 5000)`,
    `'x' -match 'x{1,1000000}{1,1000000}'`,
    `$a = 'x'; while ($true) { $a += $a }`,
    `$a = @(1); while ($true) { $a = $a + $a }`,
    `function f { f }; f`,
    `1..100000000000 | Measure-Object`,
    `'x' * 10000000000`,
    `$h = @{}; $h['a'] = $h; $h | ConvertTo-Json -Depth 100`,
    `'{0,1000000000}' -f 1`,
    `'x'.PadLeft(2000000000)`,
  ]) {
    const result = await shell.run(script, AbortSignal.timeout(5000)).then(() => 'done', (error: Error & { code?: string }) => error.code ?? error.message) // prettier-ignore
    assert.match(result, /^(done|ScriptLimit|ScriptProblem|InvalidParameter|CmdletNotFound|ObjectNotFound|RequestAborted|UnsupportedTypeForConversion|InvalidRequest|InvalidOperation)$/, `${script}: ${result}`) // prettier-ignore
    assert.ok(performance.now() - began < 30_000, `${script} took too long`)
  }
})

test('names that JavaScript gives a meaning are names like others', async () => {
  const shell = desk()
  const script = `$h = @{ '__proto__' = 1; 'constructor' = 2 }; $o = '{"__proto__":{"polluted":1},"toString":3}' | ConvertFrom-Json; $o.toString; $h.constructor; $h.__proto__; $o.__proto__.polluted`
  assert.equal(await shell.text(script), '3|2|1|1')
  assert.equal(({} as Record<string, unknown>).polluted, undefined)
  for (const probe of [
    "'x'.constructor.constructor('return process')()",
    "'x'.__proto__",
    '(Get-Mailbox mary).constructor',
    '$env.constructor',
  ]) {
    const got = await shell.text(probe).catch((error: Error) => `refused ${error.name}`)
    assert.match(got, /^(refused Refusal|\$null|)$/, probe)
  }
})
