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

/** What this server says it is: build 15.2.1118.7 (interop.md 3.3). */
export const serverBuild = { major: 15, minor: 2, build: 1118, revision: 7 } as const
export const serverVersion = '15.02.1118.007'

/** The build as [MS-OXDSCLI] 2.2.4.1.1.2.42 packs it: 0111, major 6 bits, minor 6 bits, 1, build 15 bits, in hex. */
export function packedVersion(): string {
  const { major, minor, build } = serverBuild
  return (((7 << 28) | (major << 22) | (minor << 16) | (1 << 15) | build) >>> 0).toString(16).toUpperCase()
}
