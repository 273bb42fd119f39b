/** A site in a process of its own that pushes to a listener of the test: what `SITE` says, until it is killed. */
import { readConfig, seedPeople, seedPerson, startSite } from '#server'

const { data, port, password, listener } = JSON.parse(process.env.SITE ?? '{}') as {
  data: string
  port: number
  password: string
  listener: { host: string; port: number; ca: string }
}
const result = readConfig({
  organisation: { name: 'Contoso', domain: 'contoso.com' },
  data,
  listeners: { https: { port } },
  partners: { hosts: { [listener.host]: `127.0.0.1:${listener.port}` } },
  push: { allow: [listener.host] },
  passwordCost: { memory: 64, passes: 1 },
  log: { level: 'silent' },
})
if ('problems' in result) throw new Error(JSON.stringify(result.problems))
const mary = seedPerson.parse({ address: 'mary@contoso.com', displayName: 'Mary' })
const site = await startSite(result.config, {
  outside: { authorities: () => [listener.ca], resolver: { mx: async () => [], addresses: async () => [] } },
  prepare: async (rooms) => {
    if (rooms.isNew) await seedPeople(rooms, rooms.organisation.id, [mary], password)
  },
})
process.stdout.write(`${JSON.stringify({ ca: site.ca, url: site.endpoints.ews })}\n`)
