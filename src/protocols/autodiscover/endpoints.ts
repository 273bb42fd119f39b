import { serverVersion } from '#model'

/** Where the services of this site are, as clients reach them. Absolute URLs; absent = the service is not there. */
export interface Endpoints {
  /** `https://mail.contoso.com` */
  base: string
  ews: string
  activeSync: string
  /** The same for servers of other organisations, who may reach the site by other names than its people. */
  partner: { base: string; ews: string }
  smtp?: { host: string; port: number }
}

/** What this server says it is, as Autodiscover writes it: `15.02.1118.007`. */
export function serverVersionText(): string {
  const { major, minor, majorBuild, minorBuild } = serverVersion
  return `${major}.${String(minor).padStart(2, '0')}.${majorBuild}.${String(minorBuild).padStart(3, '0')}`
}

/** The build as [MS-OXDSCLI] 2.2.4.1.1.2.42 packs it: 0111, major 6 bits, minor 6 bits, 1, build 15 bits, in hex. */
export function packedVersion(): string {
  const { major, minor, majorBuild } = serverVersion
  return (((7 << 28) | (major << 22) | (minor << 16) | (1 << 15) | majorBuild) >>> 0).toString(16).toUpperCase()
}
