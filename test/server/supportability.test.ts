import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { systemCaller } from '#model'
import { StartProblem } from '#server'
import { judged } from '../../src/server/supportability/supportability.ts'
import { folderFor, run } from '../support/command-line.ts'
import { quickEngines } from '../support/engines.ts'
import { startTestSite, type TestSite } from '../support/site.ts'

type Bag = Record<string, unknown>

const invoke = async (site: TestSite, name: string, args: Bag = {}) =>
  (await Array.fromAsync(site.admin.invoke(systemCaller(site.organisation.id), name, args))) as Bag[]

const here = { 'Node.js': '26.10.0', OpenSSL: '3.5.1', TLS: '1.2', SQLite: '3.51.0', 'Operating system': 'debian 12' }
const having = (component: string, version: string) => ({ outside: { installed: async () => ({ ...here, [component]: version }) } })

for (const engine of quickEngines) {
  test(`Test-Supportability judges what is here by the matrix (source R1, ${engine.name})`, async () => {
    await using site = await startTestSite({ engine, ...having('Operating system', 'plan9 4') })
    const findings = new Map((await invoke(site, 'Test-Supportability')).map((one) => [one.Component, one]))
    assert.equal(findings.get('Node.js')?.Status, 'Supported')
    assert.equal(findings.get('Node.js')?.Installed, '26.10.0')
    assert.equal(findings.get('Operating system')?.Status, 'Untested')
    assert.match(String(findings.get('Operating system')?.Advice), /Debian|tested/)
    assert.equal(findings.has('PostgreSQL'), engine.name === 'postgres')
    if (engine.name === 'postgres') assert.equal(findings.get('PostgreSQL')?.Status, 'Supported')
    const matrix = await invoke(site, 'Get-SupportabilityMatrix')
    assert.deepEqual(matrix.map(({ Component }) => Component), ['Node.js', 'OpenSSL', 'TLS', 'SQLite', 'PostgreSQL', 'Operating system']) // prettier-ignore
    const report = await invoke(site, 'Get-HealthReport')
    assert.deepEqual(report.map(({ HealthSet }) => HealthSet), ['Store', 'MailboxSpace', 'HubTransport', 'Services', 'Certificate', 'Server']) // prettier-ignore
    const measured = ['Store', 'Server']
    for (const { HealthSet, AlertValue, Message } of report)
      if (!measured.includes(String(HealthSet))) assert.equal(AlertValue, 'Healthy', `${String(HealthSet)}: ${String(Message)}`)
    // How fast this machine is just now is for the message to say; the alert is what its milliseconds are worth.
    const monitors = [...(await invoke(site, 'Get-ServerHealth', { HealthSet: 'store' })), ...(await invoke(site, 'Get-ServerHealth', { HealthSet: 'server' }))] // prettier-ignore
    assert.deepEqual(monitors.map(({ Name }) => Name), ['StoreReads', 'StoreFlush', 'EventLoopDelay', 'DiskSpace']) // prettier-ignore
    for (const { Name, AlertValue, Message } of monitors.slice(0, 3)) {
      const ms = Number(/([\d.]+) ms/.exec(String(Message))?.[1])
      const degraded = Name === 'StoreReads' ? 200 : 100
      assert.equal(AlertValue, ms >= degraded * 10 ? 'Unhealthy' : ms >= degraded ? 'Degraded' : 'Healthy', String(Message))
    }
  })
}

test('an unsupported runtime is refused with what is supported and the way back', async () => {
  for (const [component, version, supported] of [
    ['Node.js', '27.0.0', '26.x'],
    ['Node.js', '20.19.5', '26.x'],
    ['OpenSSL', '1.1.1w', '3.0 to 3.x'],
    ['SQLite', '3.45.9', '3.46 to 3.x'],
    ['TLS', '1', '1.2 and 1.3'],
    ['PostgreSQL', '13.22', '14 to 18'],
  ] as const) {
    await assert.rejects(startTestSite(having(component, version)), (error) => {
      assert.ok(error instanceof StartProblem, String(error))
      assert.ok(error.message.includes(`${component} ${version} is not supported`), error.message)
      assert.ok(error.message.includes(supported))
      assert.match(error.advice, /--allow-unsupported/)
      return true
    })
  }
})

test('an unsupported runtime runs where that is allowed, with a loud log, and Test-Supportability still says so', async (t) => {
  const file = join(await folderFor(t), 'isthmus.log')
  {
    await using site = await startTestSite({
      ...having('Node.js', '27.0.0'),
      config: { allowUnsupported: true, log: { level: 'warn', file } },
    })
    const [node] = await invoke(site, 'Test-Supportability')
    assert.equal(node?.Status, 'Unsupported')
    assert.match(String(node?.Advice), /npm ci/)
  }
  const lines = (await readFile(file, 'utf8')).split('\n')
  assert.ok(
    lines.some((line) => line.includes('"warn"') && line.includes('Node.js 27.0.0 is not supported') && line.includes('allowUnsupported')),
  )
})

test('versions are compared by their numbers', () => {
  const status = (component: string, version: string) => judged({ [component]: version })[0]?.status
  assert.equal(status('SQLite', '3.100.0'), 'Supported')
  assert.equal(status('SQLite', '4.0'), 'Unsupported')
  assert.equal(status('PostgreSQL', '18.1 (Debian 18.1-1.pgdg120+1)'), 'Supported')
  assert.equal(status('PostgreSQL', '19beta1'), 'Unsupported')
  assert.equal(status('Operating system', 'ubuntu 23.10'), 'Untested')
  assert.equal(status('Operating system', 'debian 13'), 'Supported')
  assert.equal(status('Node.js', 'unknown'), 'Unsupported')
})

test('isthmus setup --check tells before an upgrade whether this machine will do', async (t) => {
  const { code, printed } = await run(t, 'setup', '--check', '--json').ended
  const findings = JSON.parse(printed) as { component: string; status: string }[]
  assert.equal(code, findings.some(({ status }) => status === 'Unsupported') ? 1 : 0)
  assert.equal(findings.find(({ component }) => component === 'Node.js')?.status, 'Supported')
  assert.equal((await run(t, 'setup').ended).code, 1)
})
