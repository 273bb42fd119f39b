/** `isthmus shell` as a process of its own: against a site elsewhere with a second factor, and at a terminal. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { get } from 'node:http'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { folderFor } from '../support/command-line.ts'
import { callerOf, person, signInAt, signInSite, type Person, type SignInSite } from '../sign-in/program.ts'

const isthmus = join(import.meta.dirname, '../../bin/isthmus')

interface Running {
  type(text: string): void
  ready(pattern: RegExp): Promise<RegExpExecArray>
  ended: Promise<{ code: number; out: string; said: string }>
}

/** Runs the shell; `out` is standard output, `said` the error stream. */
function shell(t: TestContext, home: string, words: string[], { terminal = false, verb = 'shell' } = {}): Running {
  const command = terminal
    ? ['script', '-qec', [process.execPath, isthmus, verb, ...words].join(' '), '/dev/null']
    : [process.execPath, isthmus, verb, ...words]
  const env = { ...process.env, ISTHMUS_HOME: home, TERM: 'xterm', NO_COLOR: '1' }
  const child = spawn(command[0]!, command.slice(1), { stdio: ['pipe', 'pipe', 'pipe'], env })
  t.after(() => child.kill('SIGKILL'))
  if (!terminal) child.stdin.end()
  const got = { out: '', said: '' }
  const looking = new Set<() => void>()
  for (const [stream, name] of [[child.stdout, 'out'], [child.stderr, 'said']] as const) {
    stream.on('data', (part: Buffer) => {
      got[name] += part.toString()
      for (const look of looking) look()
    })
  } // prettier-ignore
  const ended = once(child, 'close').then(([code]) => ({ code: code as number, ...got }))
  return {
    ended,
    type: (text) => void child.stdin.write(text),
    ready: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = pattern.exec(plain(got.out + got.said))
          if (found) resolve(found)
        }
        looking.add(look)
        void ended.then(() => reject(new Error(`it ended without ${pattern}: ${got.out}${got.said}`)))
        look()
      }),
  }
}

/** Without what moves the cursor. */
const plain = (text: string) => text.replaceAll(/\u001b\[[0-9;]*[A-Za-z]/g, '')

async function approve(site: SignInSite, who: Person, code: string): Promise<void> {
  let page = await who.browser.open('/oauth2/device')
  page = await page.submit({ user_code: code })
  page = await signInAt(site, who, await page.submit({ confirm: 'yes' }))
  assert.match(page.text, /The program is let in/)
}

const codeForm = /enter the code ([A-Z0-9-]+)/

test(
  'the shell signs in by device code with a second factor, keeps its tokens for the user alone, and signs out',
  { timeout: 120_000 },
  async (t) => {
    const home = await folderFor(t)
    await using site = await signInSite()
    const ca = join(home, 'ca.pem')
    await writeFile(ca, site.ca)
    const at = ['--connect', site.url, '--ca', ca, '--organisation', 'contoso.com']
    const boss = person(site)

    const first = shell(t, home, [...at, '-c', '"(Get-Mailbox mary).PrimarySmtpAddress"'.slice(1, -1)])
    await approve(site, boss, (await first.ready(codeForm))[1]!)
    const { code, out } = await first.ended
    assert.deepEqual([code, out.trim()], [0, 'mary@contoso.com'])
    assert.equal((await stat(join(home, 'tokens.json'))).mode & 0o777, 0o600)

    const again = await shell(t, home, [...at, '-c', "Get-Mailbox | ? Alias -eq 'rob' | % Alias"]).ended
    assert.deepEqual([again.code, again.out.trim()], [0, 'rob'], again.said)
    assert.doesNotMatch(again.said, codeForm)

    // What is dangerous asks for the factors anew when they were shown long ago.
    site.clock.now += 20 * 60_000
    const dangerous = shell(t, home, [...at, '-c', "New-RoleGroup 'Night shift' -Roles 'Mail Recipients' | % Name"])
    await approve(site, boss, (await dangerous.ready(codeForm))[1]!)
    const done = await dangerous.ended
    assert.deepEqual([done.code, done.out.trim()], [0, 'Night shift'], done.said)

    const out2 = await shell(t, home, [...at, '--sign-out']).ended
    assert.equal(out2.code, 0, out2.said)
    assert.equal(await readFile(join(home, 'tokens.json'), 'utf8'), '{}')
    const asked = shell(t, home, [...at, '-c', 'Get-Mailbox'])
    await asked.ready(codeForm)
  },
)

test('isthmus token prints an access token alone, for which the factors were shown just now', { timeout: 120_000 }, async (t) => {
  const home = await folderFor(t)
  await using site = await signInSite()
  const ca = join(home, 'ca.pem')
  await writeFile(ca, site.ca)
  const boss = person(site)
  let before = ''
  for (let times = 0; times < 2; times++) {
    const running = shell(t, home, ['--connect', site.url, '--ca', ca, '--organisation', 'contoso.com'], { verb: 'token' })
    await approve(site, boss, (await running.ready(codeForm))[1]!)
    const { code, out } = await running.ended
    assert.equal(code, 0)
    assert.match(out, /^[A-Za-z0-9_-]{40,100}\n$/)
    assert.notEqual(out, before)
    before = out
    const caller = await callerOf(site, out.trim())
    assert.deepEqual([caller?.address, caller?.signedIn?.secondFactor], ['boss@contoso.com', true])
    assert.ok(site.clock.now - caller!.signedIn!.at < 60_000)
    site.clock.now += 20 * 60_000
  }
})

test('the shell signs in by the browser of the machine', { timeout: 120_000 }, async (t) => {
  const home = await folderFor(t)
  await using site = await signInSite()
  const ca = join(home, 'ca.pem')
  await writeFile(ca, site.ca)
  const running = shell(t, home, ['--connect', site.url, '--ca', ca, '--organisation', 'contoso.com', '--browser', '-c', "'signed in'"])
  const [, address = ''] = await running.ready(/with the browser at (https:\S+)/)
  const boss = person(site)
  const url = new URL(address)
  const page = await signInAt(site, boss, await boss.browser.open(url.pathname + url.search))
  assert.match(page.left ?? '', /^http:\/\/127\.0\.0\.1:\d+\/callback\?/)
  const text = await new Promise<string>((resolve, reject) => {
    get(page.left!, (answer) => answer.setEncoding('utf8').on('data', resolve)).on('error', reject)
  })
  assert.match(text, /You are signed in/)
  const { code, out } = await running.ended
  assert.deepEqual([code, out.trim()], [0, 'signed in'])
})

test(
  'a site whose certificate nobody vouches for, and one that is none, are told apart from a wrong password',
  { timeout: 60_000 },
  async (t) => {
    const home = await folderFor(t)
    await using site = await signInSite()
    const untrusted = await shell(t, home, ['--connect', site.url, '--organisation', 'contoso.com', '-c', '1']).ended
    assert.equal(untrusted.code, 1)
    assert.match(untrusted.said, /cannot be reached.*certificate[\s\S]*--ca/)
    assert.match((await shell(t, home, ['--connect', 'http://x', '-c', '1']).ended).said, /not the address of a site/)
    assert.match((await shell(t, home, ['--connect', site.url, '-c', '1']).ended).said, /--organisation/)
  },
)

test(
  'at a terminal: a prompt, completion, Ctrl-C, secrets that are not shown or kept, history, exit code',
  { timeout: 60_000 },
  async (t) => {
    const home = await folderFor(t)
    const data = await folderFor(t)
    await using _site = await signInSite({ config: { data } })
    const running = shell(t, home, ['--data', data], { terminal: true })
    await running.ready(/> $/)
    running.type('Get-MailboxStat')
    await running.ready(/> .*Get-MailboxStat$/)
    running.type('\t')
    await running.ready(/Get-MailboxStatistics$/)
    running.type(' mary -Arc')
    await running.ready(/mary -Arc$/)
    running.type('\t')
    await running.ready(/mary -Archive/)
    running.type('\u0003')
    running.type('Get-Mailbox mar')
    await running.ready(/Get-Mailbox mar$/)
    running.type('\t')
    await running.ready(/Get-Mailbox mary/)
    running.type('\u0003')
    running.type('1..3 |\r')
    await running.ready(/>> /)
    running.type("% { 'n' + $_ }\r")
    await running.ready(/n1\r\nn2\r\nn3/)
    running.type('while ($true) { }\r')
    await running.ready(/while \(\$true\) \{ \}\r+\n/)
    running.type('\u0003')
    await running.ready(/The command was stopped/)
    running.type("'still ' + 'here'\r")
    await running.ready(/still here/)
    running.type("$s = Read-Host -AsSecureString 'Word'\r")
    await running.ready(/Word: ?$/)
    running.type('xyzzy-secret\r')
    running.type('$s.GetType().Name\r')
    await running.ready(/SecureString/)
    running.type('exit 3\r')
    const { code, out } = await running.ended
    assert.equal(code, 3)
    assert.doesNotMatch(out, /xyzzy/)
    const history = await readFile(join(home, 'history'), 'utf8')
    assert.match(history, /1\.\.3 \|/)
    assert.doesNotMatch(history, /xyzzy/)
  },
)
