/** What this server is called, as Exchange calls servers: the first label of its name. */
export const serverName = (hostname: string): string => (hostname.split('.', 1)[0] ?? hostname).toUpperCase()
