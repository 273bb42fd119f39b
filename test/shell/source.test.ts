/** The commands that the source prints, as printed. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { desk } from './desk.ts'

test('services that run are stopped, one call each', async () => {
  const { run, calls, said } = desk()
  await run('(Test-ServiceHealth).ServicesRunning | %{Stop-Service $_ -Force}')
  assert.deepEqual(said, [])
  assert.deepEqual(
    calls.slice(1).map(({ parameters }) => [parameters.get('Name'), parameters.get('Force')]),
    [['MSExchangeIS', true], ['MSExchangeTransport', true], ['W3Svc', true]], // prettier-ignore
  )
})

test('a dash of typography is a dash', async () => {
  const { run, calls } = desk()
  await run('Set-Mailbox mary –MessageCopyForSentAsEnabled $true')
  assert.deepEqual(Object.fromEntries(calls[0]!.parameters), { Identity: 'mary', MessageCopyForSentAsEnabled: true }) // prettier-ignore
})
