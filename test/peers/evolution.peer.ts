/** Drives a site with Debian's Evolution libraries and evolution-ews, as a person at a desk would; each step is seen from the other side by EWS. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { person } from '../requirements/person.ts'
import { startTestSite } from '../support/site.ts'
import { startDesk } from './evolution-desk.ts'
import { calendarSteps } from './evolution/calendar.ts'
import { mailSteps } from './evolution/mail.ts'
import { meetingSteps } from './evolution/meetings.ts'
import { peopleSteps } from './evolution/people.ts'
import type { World } from './evolution/world.ts'

test('Evolution', async (context) => {
  const site = await startTestSite()
  try {
    const desk = await startDesk({ ews: site.ewsUrl, person: 'mary@contoso.com', password: site.password })
    try {
      const step: World['step'] = (name, run) => context.test(name, run)
      const world = { site, desk, mary: person(site), rob: person(site, 'rob'), step }
      await signInSteps(world)
      await mailSteps(world)
      await calendarSteps(world)
      await meetingSteps(world)
      await peopleSteps(world)
    } finally {
      await desk.close()
    }
  } finally {
    await site.close()
  }
})

async function signInSteps({ desk, step }: World): Promise<void> {
  await step('is refused with a wrong password and asks again', async () => {
    const { asked, sources } = await desk.ask<{ asked: string[]; sources: string[] }>('refuse')
    assert.deepEqual([...new Set(asked)], ['required', 'ssl-failed', 'rejected'])
    assert.ok(!sources.includes('Calendar'), sources.join(', '))
  })

  await step('signs in, once the certificate is trusted, and finds the folders', async () => {
    const folders = ['Calendar', 'Contacts', 'Global Address List', 'Notes', 'Tasks']
    const { sources, status } = await desk.ask<{ sources: string[]; status: string }>('sign_in', { folders })
    assert.equal(status, 'connected')
    assert.deepEqual(
      sources.filter((name) => !name.startsWith('Work')),
      folders,
    )
    assert.equal(await desk.ask('mail_open'), 'connected')
  })
}
