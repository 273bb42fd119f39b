import { seedPeople } from '../lab/seed-people.ts'
import { startSite } from '../site.ts'
import { StartProblem } from '../start-problem.ts'
import { readConfigFile } from './read-config.ts'
import { readSeedFile } from './read-seed.ts'
import { untilSignal } from './until-signal.ts'

/** `isthmus serve`: a site from its configuration file, until a signal; first with the people of a seed file, if there is one. */
export async function serve({ config, seed }: { config: string; seed?: string }): Promise<number> {
  const people = seed ? await readSeedFile(seed) : []
  const silent = people.find((person) => person.kind === 'user' && !person.password)
  if (silent) throw new StartProblem(`${silent.address} in ${seed} has no password.`, 'Give every user one; only the lab has a common one.')
  const site = await startSite(await readConfigFile(config), {
    prepare: async (rooms) => void (await seedPeople(rooms, rooms.organisation.id, people, '')),
  })
  // From now on a signal drains: whoever waits for the line below may send one at once.
  const ended = untilSignal(site)
  console.error(`isthmus: ${site.organisation.name} is ready at ${site.endpoints.base}`)
  return ended
}
