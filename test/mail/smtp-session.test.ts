/** A session of SMTP that has signed in is asked again at each message whether it still may (RFC 4954 6). */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { run } from '../sent-items/desk.ts'
import { quickEngines } from '../support/engines.ts'
import { startTestSite, testPassword, type TestSite } from '../support/site.ts'
import { dial, type Line } from './smtp-client.ts'

const start = Date.UTC(2026, 10, 23, 8)
const plain = (user: string, password: string) => `AUTH PLAIN ${Buffer.from(`\0${user}@contoso.com\0${password}`).toString('base64')}`
const from = (alias: string) => `MAIL FROM:<${alias}@contoso.com>`

async function signedIn(site: TestSite, user: string, password = testPassword): Promise<Line> {
  const line = await dial(site.ports.submission!)
  await line.say('EHLO client')
  await line.say('STARTTLS')
  await line.startTls()
  await line.say('EHLO client')
  assert.match(await line.say(plain(user, password)), /^235 /)
  return line
}

/** The next message is refused so, and the connection ends. */
async function isEnded(line: Line, refusal: RegExp, say = from('rob')): Promise<void> {
  assert.match(await line.say(say), refusal)
  assert.match(await line.reply(), /^421 4\.7\.0 /)
  await line.ended
}

for (const engine of quickEngines) {
  test(`a session of SMTP ends with what it was signed in by (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const ends = async (why: string, refusal: RegExp, change: () => Promise<unknown>, password?: string) => {
      await using line = await signedIn(site, 'rob', password)
      assert.match(await line.say(from('rob')), /^250 /, why)
      assert.match(await line.say('RSET'), /^250 /)
      await change()
      await isEnded(line, refusal)
    }
    await ends('the account is disabled', /^525 5\.7\.13 /, () => run(site, 'Set-Mailbox rob -AccountDisabled $true'))
    await run(site, 'Set-Mailbox rob -AccountDisabled $false')
    const [, [made]] = [await run(site, 'New-AuthenticationPolicy Apps -AllowBasicAuthSmtp'), await run(site, 'New-AppPassword rob -Name Scanner')] // prettier-ignore
    const appPassword = String(made?.Password)
    await ends(
      'the app password is taken away',
      /^535 5\.7\.8 /,
      () => run(site, 'Remove-AppPassword rob -AppPassword Scanner'),
      appPassword,
    )
    await ends('signed out everywhere', /^535 5\.7\.8 /, () => run(site, 'Revoke-SignIn rob'))
    await ends('the policy takes no password', /^535 5\.7\.8 /, async () => {
      await run(site, 'New-AuthenticationPolicy Modern')
      await run(site, 'Set-User rob -AuthenticationPolicy Modern')
    })
    await run(site, 'Set-User rob -AuthenticationPolicy Apps')
    await ends('the password is changed', /^535 5\.7\.8 /, () => site.directory.setPassword(site.people.rob!, 'Another!2026'))
    await ends('the person is removed', /^525 5\.7\.13 /, () => run(site, 'Remove-Mailbox rob'), 'Another!2026')
  })

  test(`a right to send that comes by a group is asked for at each message, and once more when it is handed in (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    await run(site, 'New-DistributionGroup Secretaries -Alias secretaries -Type Security -Members rob')
    await run(site, 'Add-RecipientPermission mary -Trustee secretaries -AccessRights SendAs')
    await using line = await signedIn(site, 'rob')
    assert.match(await line.say(from('mary')), /^250 /)
    assert.match(await line.say('RCPT TO:<ann@contoso.com>'), /^250 /)
    assert.match(await line.say('DATA'), /^354 /)
    await run(site, 'Remove-DistributionGroupMember secretaries -Member rob')
    assert.match(await line.send(Buffer.from('From: mary@contoso.com\r\nSubject: x\r\n\r\nx\r\n')), /^550 5\.7\.60 /)
    assert.match(await line.say(from('mary')), /^550 5\.7\.60 /)
    assert.match(await line.say(from('rob')), /^250 /, 'the session is still a good one')
    assert.match(await line.say('RCPT TO:<ann@contoso.com>'), /^250 /)
    assert.match(await line.say('DATA'), /^354 /)
    await run(site, 'Set-Mailbox rob -AccountDisabled $true')
    assert.match(await line.send(Buffer.from('From: rob@contoso.com\r\nSubject: x\r\n\r\nx\r\n')), /^525 5\.7\.13 /)
    assert.match(await line.reply(), /^421 4\.7\.0 /)
    await line.ended
    assert.deepEqual(await site.store.read((tx) => tx.queue.list(site.organisation.id, '', 10)), [])
  })

  test(`a session of SMTP that has signed in lasts half an hour (${engine.name})`, async () => {
    let now = start
    await using site = await startTestSite({ engine, outside: { clock: () => now } })
    await using line = await signedIn(site, 'rob')
    now += 29 * 60_000
    assert.match(await line.say(from('rob')), /^250 /)
    assert.match(await line.say('RSET'), /^250 /)
    now += 60_000
    assert.match(await line.say(from('rob')), /^421 4\.7\.0 /)
    await line.ended
  })
}
