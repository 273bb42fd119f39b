import { seedPeople } from '../lab/seed-people.ts'
import { startSite } from '../site.ts'
import { StartProblem } from '../start-problem.ts'
import { readConfigFile } from './read-config.ts'
import { readSeedFile } from './read-seed.ts'
import { untilSignal } from './until-signal.ts'

interface ServeOptions {
  config: string
  seed?: string
  allowUnsupported?: boolean
}

/** `isthmus serve`: a site from its configuration file, until a signal; first with the people of a seed file, if there is one. */
export async function serve({ config, seed, allowUnsupported = false }: ServeOptions): Promise<number> {
  const people = seed ? await readSeedFile(seed) : []
  const silent = people.find((person) => person.kind === 'user' && !person.password)
  if (silent) throw new StartProblem(`${silent.address} in ${seed} has no password.`, 'Give every user one; only the lab has a common one.')
  const settings = await readConfigFile(config)
  const site = await startSite(allowUnsupported ? { ...settings, allowUnsupported } : settings, {
    prepare: async (rooms) => void (await seedPeople(rooms, rooms.organisation.id, people, '')),
  })
  // From now on a signal drains: whoever waits for the line below may send one at once.
  const ended = untilSignal(site)
  console.error(`isthmus: ${site.organisation.name} is ready at ${site.endpoints.base}`)
  return ended
}
