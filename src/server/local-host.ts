import { describe, type Admin } from '#admin'
import type { Caller } from '#model'
import { argumentsOf, marked, thingOf, unmarked, type CmdletHost } from '#shell'

/** The cmdlets of a site in this process, as the caller: what the lab's script runs on. Values take the form that they have on a wire. */
export function localHost(admin: Pick<Admin, 'cmdletsFor' | 'invoke'>, caller: Caller): CmdletHost {
  return {
    describe: async () => (await admin.cmdletsFor(caller)).map(describe),
    async *invoke(name, parameters, { signal, warn, progress }) {
      const cmdlet = (await admin.cmdletsFor(caller)).find((each) => each.name.toLowerCase() === name.toLowerCase())
      const args = unmarked(argumentsOf(name, cmdlet ? describe(cmdlet).parameters : [], parameters)) as Record<string, unknown>
      for await (const object of admin.invoke(caller, name, args, { signal, warn, progress }))
        yield thingOf(marked(object), cmdlet?.returns)
    },
  }
}
