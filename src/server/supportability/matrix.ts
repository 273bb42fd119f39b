// table
/** The supportability matrix of this release (source R1): what it was tested with, what it refuses, and the way back. */

export interface SupportRange {
  /** First and last version, by as many numbers as they have; `to` left out = whatever follows. */
  from: string
  to?: string
}

export interface MatrixEntry {
  component: string
  /** In words. */
  supported: string
  ranges: readonly SupportRange[]
  /** True: another version is only untested. False: it is refused at the start. */
  othersRun: boolean
  advice: string
}

export const release = '0.1'

export const matrix: readonly MatrixEntry[] = [
  {
    component: 'Node.js',
    supported: '26.x',
    ranges: [{ from: '26', to: '26' }],
    othersRun: false,
    advice: 'Run "npm ci" in the project folder: it brings Node.js 26 along. If a system update brought the other version, go back to the one before and block that update.',
  },
  {
    component: 'OpenSSL',
    supported: '3.0 to 3.x',
    ranges: [{ from: '3.0', to: '3' }],
    othersRun: false,
    advice: 'Use the Node.js that comes with the packages ("npm ci"): it has its own OpenSSL.',
  },
  {
    component: 'TLS',
    supported: '1.2 and 1.3',
    ranges: [{ from: '1.2', to: '1.3' }],
    othersRun: false,
    advice: 'Take --tls-min-v1.0 and --tls-min-v1.1 out of NODE_OPTIONS and start again.',
  },
  {
    component: 'SQLite',
    supported: '3.46 to 3.x',
    ranges: [{ from: '3.46', to: '3' }],
    othersRun: false,
    advice: 'Use the Node.js that comes with the packages ("npm ci"): it has its own SQLite. The data stay as they are.',
  },
  {
    component: 'PostgreSQL',
    supported: '14 to 18',
    ranges: [{ from: '14', to: '18' }],
    othersRun: false,
    advice: 'Move the database to PostgreSQL 14 to 18 (pg_dump there, restore here) and start again.',
  },
  {
    component: 'Operating system',
    supported: 'Debian 12 and 13, Ubuntu 22.04 and 24.04',
    ranges: [
      { from: 'debian 12', to: 'debian 13' },
      { from: 'ubuntu 22.04', to: 'ubuntu 22.04' },
      { from: 'ubuntu 24.04', to: 'ubuntu 24.04' },
    ],
    othersRun: true,
    advice: 'It may run well here; nobody has tested it. For daily use choose one of the systems named.',
  },
] // prettier-ignore
