import { startSite } from '../site.ts'
import { readConfigFile } from './read-config.ts'
import { untilSignal } from './until-signal.ts'

/** `isthmus serve`: a site from its configuration file, until a signal. */
export async function serve(file: string): Promise<number> {
  const site = await startSite(await readConfigFile(file))
  console.error(`isthmus: ${site.organisation.name} is ready at ${site.endpoints.base}`)
  return untilSignal(site)
}
