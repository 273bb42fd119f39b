import type { ServiceState, ServiceStatus, Services } from '#admin'
import { Refusal } from '#model'

/** What runs, once started. */
export interface Running {
  close(): Promise<void>
}

/** One row: a listener, a protocol or a background job. */
export interface ServiceRow {
  name: string
  displayName: string
  roles: readonly string[]
  dependsOn?: readonly string[]
  start(): Promise<Running>
}

export interface ServiceRegister extends Services {
  /** Adds a row and starts it; what hinders the first start is thrown as it is. */
  open(row: ServiceRow): Promise<void>
  isRunning(name: string): boolean
  /** Stops those named, or all, side by side; those that depend on others first. */
  close(names?: readonly string[]): Promise<void>
}

interface Entry {
  row: ServiceRow
  status: ServiceStatus
  running?: Running
}

/**
 * The services of a site. Starts and stops wait for one another, so that two administrators cannot start one twice.
 */
export function createServices(changed: (event: { service: string; status: ServiceStatus; error?: string }) => void): ServiceRegister {
  const entries = new Map<string, Entry>()
  let last: Promise<unknown> = Promise.resolve()

  const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
    const next = last.then(act, act)
    last = next.catch(() => undefined)
    return next
  }

  function entry(name: string): Entry {
    const found = entries.get(name.trim().toLowerCase())
    if (found) return found
    const names = [...entries.values()].map(({ row }) => row.name).join(', ')
    throw new Refusal('ObjectNotFound', `There is no service '${name.slice(0, 100)}'. There are ${names}.`, { service: name.slice(0, 100) })
  }

  async function begin(one: Entry): Promise<void> {
    if (one.running) return
    for (const name of one.row.dependsOn ?? []) await begin(entry(name))
    one.status = 'StartPending'
    try {
      one.running = await one.row.start()
      one.status = 'Running'
    } catch (error) {
      one.status = 'Stopped'
      changed({ service: one.row.name, status: 'Stopped', error: (error as Error).message })
      throw error
    }
    changed({ service: one.row.name, status: 'Running' })
  }

  async function end(one: Entry): Promise<void> {
    for (const other of dependents(one)) await end(other)
    const { running } = one
    if (!running) return
    one.status = 'StopPending'
    delete one.running
    try {
      await running.close()
    } finally {
      one.status = 'Stopped'
      changed({ service: one.row.name, status: 'Stopped' })
    }
  }

  const dependents = ({ row }: Entry): Entry[] =>
    [...entries.values()].filter((other) => other.running && other.row.dependsOn?.includes(row.name))

  return {
    list: () =>
      [...entries.values()].map(({ row, status }): ServiceState => {
        const { name, displayName, roles, dependsOn = [] } = row
        return { name, displayName, roles, dependsOn, status }
      }),
    isRunning: (name) => entries.get(name.toLowerCase())?.running !== undefined,
    open(row) {
      const added: Entry = { row, status: 'Stopped' }
      entries.set(row.name.toLowerCase(), added)
      return inTurn(() => begin(added))
    },
    start: (name) =>
      inTurn(async () => {
        const one = entry(name)
        try {
          await begin(one)
        } catch (error) {
          throw new Refusal('ServiceUnavailable', `${one.row.name} does not start: ${(error as Error).message}`, { service: one.row.name })
        }
      }),
    stop: (name, { force }) =>
      inTurn(async () => {
        const one = entry(name)
        const above = one.running ? dependents(one).map(({ row }) => row.name) : []
        if (above.length > 0 && !force) {
          throw new Refusal(
            'InvalidConfiguration',
            `'${one.row.name}' cannot be stopped because other services depend on it: ${above.join(', ')}. Use -Force to stop these too.`,
            { service: one.row.name },
          )
        }
        await end(one)
      }),
    close: (names = [...entries.keys()]) => inTurn(async () => void (await Promise.all(names.map((name) => end(entry(name)))))),
  }
}
