/** The release of Exchange that this server says it is, so that clients and scripts use all they know. */
export const serverVersion = { major: 15, minor: 2, majorBuild: 1118, minorBuild: 7, version: 'Exchange2016' } as const
