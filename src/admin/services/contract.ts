/** What the cmdlets of services, supportability and health ask of the site; `server` keeps it. */

export type ServiceStatus = 'Running' | 'Stopped' | 'StartPending' | 'StopPending'

/** A listener, a protocol or a background job of the site that starts and stops alone. */
export interface ServiceState {
  name: string
  displayName: string
  /** Server roles that need it, as `Test-ServiceHealth` lists them. */
  roles: readonly string[]
  /** Services that must run before this one. */
  dependsOn: readonly string[]
  status: ServiceStatus
}

export interface Services {
  list(): ServiceState[]
  /** Starts it, first what it depends on. What hinders it is thrown as a Refusal ServiceUnavailable. None of that name → ObjectNotFound. */
  start(name: string): Promise<void>
  /** Stops it. Others that depend on it and run → InvalidConfiguration naming them, unless `force`: then they stop first. */
  stop(name: string, options: { force: boolean }): Promise<void>
}

/** One row of the supportability matrix. */
export interface MatrixRow {
  component: string
  /** What is supported, in words: `26.x`, `14 to 18`. */
  supported: string
  /** What to do with another version. */
  advice: string
}

/** One component as it is here, judged by the matrix. */
export interface SupportFinding extends MatrixRow {
  installed: string
  status: 'Supported' | 'Unsupported' | 'Untested'
}

export interface Supportability {
  release: string
  matrix(): readonly MatrixRow[]
  check(): Promise<SupportFinding[]>
}

/** One thing looked at. */
export interface HealthFinding {
  healthSet: string
  monitor: string
  alert: 'Healthy' | 'Degraded' | 'Unhealthy'
  /** What was found, in words and figures. */
  says: string
  /** Since when it is so. */
  since: number
}

/** Hears of each part of a work when it is done. */
export type Heard = (done: number, of: number, what: string) => void

export interface Health {
  /** @param heard Hears how many of the monitors are done, and the name of the last. */
  look(heard?: Heard): Promise<HealthFinding[]>
}

export interface SiteAdministration {
  services: Services
  supportability: Supportability
  health: Health
  /** The organisation that the site belongs to; administrators of other tenants have no say in its services. */
  owner: () => string
  /** Name of the server. */
  server: string
}
