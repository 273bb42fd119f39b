/** The site's cmdlets for a shell in the browser: what the caller may run, run by the one way in. */
import { Refusal, refusalKinds, type RefusalCode } from '#model'
import { argumentsOf, thingOf, type CmdletHost } from '#shell'
import { Refused } from '../../app/api.ts'
import { askCmdlets, BrokenOff, follow } from '../cmdlets.ts'

export function browserHost(): CmdletHost {
  let known: ReturnType<typeof askCmdlets> | undefined
  const cmdlets = () => (known ??= askCmdlets().catch((error: unknown) => ((known = undefined), Promise.reject(refusalOf(error)))))
  return {
    describe: async () => [...(await cmdlets()).values()],
    async *invoke(name, parameters, { signal, warn, progress }) {
      const cmdlet = (await cmdlets()).get(name.toLowerCase())
      try {
        for await (const line of follow(name, argumentsOf(name, cmdlet?.parameters ?? [], parameters), { signal })) {
          if ('object' in line) yield thingOf(line.object, cmdlet?.returns)
          else if ('warning' in line) warn(line.warning)
          else if ('progress' in line) progress(line.progress)
        }
      } catch (error) {
        throw signal.aborted ? signal.reason : refusalOf(error)
      }
    },
  }
}

/** As the language knows what says no. A code that this version does not know is one of a newer site. */
function refusalOf(error: unknown): unknown {
  if (error instanceof Refused) {
    const isKnown = Object.hasOwn(refusalKinds, error.code)
    return new Refusal(isKnown ? (error.code as RefusalCode) : 'InternalServerError', error.message)
  }
  // The shell speaks English, as its cmdlets do.
  if (error instanceof BrokenOff) return new Refusal('RequestAborted', 'The answer of the server broke off. Run the cmdlet again.')
  // What the browser throws where there is no network.
  return error instanceof TypeError ? new Refusal('ServiceUnavailable', error.message) : error
}
