import { isIP } from 'node:net'
import { z } from 'zod'
import { usualIdentityKeyDays } from '#access'

const port = z.int().min(0).max(65535)
/** A domain name or the name of a host. */
export const domain = z
  .string()
  .regex(/^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i, 'not a domain name')
const listener = z.strictObject({ host: z.string().default('127.0.0.1'), port })
const milliseconds = z
  .int()
  .min(50)
  .max(24 * 3_600_000)
const route = z.strictObject({
  domains: z.array(z.string().min(1)).min(1),
  hosts: z.array(z.string().min(1)).min(1),
  port: port.default(25),
  tls: z.enum(['none', 'opportunistic', 'required', 'verified']).default('opportunistic'),
  implicitTls: z.boolean().default(false),
  auth: z.strictObject({ user: z.string(), password: z.string() }).optional(),
})

/** A program with a secret (RFC 6749 2.1, confidential client). */
const program = z.strictObject({
  id: z.string().regex(/^(?!isthmus-)[a-z0-9][a-z0-9.-]{0,63}$/, 'letters, digits, points and dashes; not isthmus-'),
  name: z.string().min(1).max(64).describe('What people see.'),
  secret: z.string().min(32).max(256).describe('At least 32 characters, made by chance.'),
  introspects: z.boolean().default(false).describe('May ask about access tokens of every program, not its own alone (RFC 7662).'),
  redirects: z
    .array(z.url({ protocol: /^https$/ }))
    .default([])
    .describe('Where people come back after signing in; none = it signs nobody in.'),
})

/**
 * The configuration file: what a site needs before it can read its own store. Everything else is configuration objects.
 * One row a key; `docs` of a key is its description here.
 */
export const siteConfig = z
  .strictObject({
    organisation: z
      .strictObject({
        name: z.string().min(1).max(64),
        domain: domain.describe('Default accepted domain; mailboxes get their address here.'),
        domains: z.array(domain).default([]).describe('Further accepted domains.'),
      })
      .describe('Made at the first start; afterwards the store has it.'),
    organisations: z
      .array(
        z.strictObject({
          name: z.string().min(1).max(64),
          domain: domain.describe('Default accepted domain.'),
          domains: z.array(domain).default([]).describe('Further accepted domains.'),
        }),
      )
      .default([])
      .describe('Further organisations of an online service, each made at the first start that names it.'),
    data: z
      .string()
      .min(1)
      .optional()
      .describe('Folder of the embedded store, large blobs, CA and keys. Left out: all in memory, for tests.'),
    database: z
      .string()
      .regex(/^postgres(ql)?:\/\//, 'not a postgres:// address')
      .optional()
      .describe('PostgreSQL instead of the embedded store.'),
    databaseSchema: z
      .string()
      .regex(/^[a-z_][a-z0-9_]{0,62}$/)
      .optional()
      .describe('Schema within the database, so that sites can share one.'),
    hostName: domain.optional().describe('How clients reach this server; in the certificate and in Autodiscover.'),
    otherNames: z
      .array(domain)
      .default([])
      .describe(
        'Further names that other organisations reach this server by, such as `autodiscover.contoso.de`; tokens for them are taken.',
      ),
    publicUrl: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('Base of the URLs given to clients; `https://HOSTNAME:PORT` when left out.'),
    partnerUrl: z
      .url({ protocol: /^https$/ })
      .optional()
      .describe('Base of the URLs given to other organisations, where it is another than `publicUrl`.'),
    roles: z
      .array(z.enum(['mailbox', 'authService']))
      .min(1)
      .default(['mailbox'])
      .describe('What the site does: `mailbox` serves people, `authService` is the token issuer that organisations trust.'),
    allowUnsupported: z
      .boolean()
      .default(false)
      .describe('Starts on a runtime or database that the release does not support, with a warning in the log (`--allow-unsupported`).'),
    onlineService: z
      .boolean()
      .default(false)
      .describe(
        'The site serves several organisations and asks for their tokens with one certificate of its own; its public part is in `service.pem`.',
      ),
    authService: z
      .strictObject({
        onlineService: z
          .strictObject({
            certificates: z.array(z.string()).min(1).describe('PEM files of the certificates that it signs its token requests with.'),
            resources: z
              .array(z.url({ protocol: /^https$/ }))
              .min(1)
              .describe('Its addresses, `https://host/`.'),
          })
          .optional()
          .describe('The online service, which asks for tokens on behalf of every tenant.'),
        issuer: z
          .string()
          .regex(/^[a-z][a-z0-9+.-]*:\S{1,200}$/i, 'not a URI')
          .optional()
          .describe('What it calls itself in delegation tokens (`urn:federation:Isthmus`).'),
        tokenLifetime: milliseconds.optional().describe('How long tokens are good (server-to-server 1 h, delegation 10 min).'),
      })
      .optional()
      .describe('Of the role `authService`.'),
    partners: z
      .strictObject({
        ca: z.array(z.string()).default([]).describe('PEM files of certificate authorities trusted beside the system’s.'),
        hosts: z
          .record(z.string(), z.string())
          .default({})
          .describe(
            'Where names lead instead of the DNS: `"mail.contoso.com": "10.0.0.5:8443"` or `"[2001:db8::5]:8443"`; mail servers `"mail.contoso.com:25": "10.0.0.5:2525"`.',
          ),
        allow: z
          .array(z.string())
          .default([])
          .describe(
            'Hosts (`mail.contoso.com`, `10.0.0.5:8443`) that may be on addresses of private networks: servers of other organisations.',
          ),
        deadline: milliseconds.default(25_000).describe('How long another organisation has to answer a lookup.'),
      })
      .prefault({})
      .describe('How servers of other organisations are reached.'),
    push: z
      .strictObject({
        allow: z
          .array(z.string())
          .default([])
          .describe(
            'Hosts (`desk.contoso.com`, `10.0.0.7:8443`) on addresses of private networks that people may have EWS push news to; public addresses need no row.',
          ),
      })
      .prefault({})
      .describe('Programs that EWS pushes news to (push subscriptions).'),
    listeners: z.strictObject({
      https: listener.optional(),
      http: listener.optional().describe('Without TLS; on a loopback address and with insecureHttp alone.'),
      smtp: listener.optional(),
      submission: listener.optional(),
    }),
    insecureHttp: z.boolean().default(false).describe('Allows the listener without TLS.'),
    certificate: z
      .strictObject({ cert: z.string(), key: z.string() })
      .optional()
      .describe('PEM files. Left out: made by the site’s own CA and renewed by itself.'),
    smtp: z
      .strictObject({
        maxMessageSize: z
          .int()
          .min(1024)
          .max(1024 ** 3)
          .default(36 * 1024 * 1024),
        routes: z
          .array(route)
          .default([])
          .describe('Next hops by domain, the most particular wins; "*" is a smart host. MX records where none fits.'),
      })
      .prefault({}),
    limits: z
      .strictObject({
        headersTimeout: milliseconds.optional().describe('A client that has not sent its headers by then is cut off (15 s).'),
        requestTimeout: milliseconds.optional().describe('The same for the whole request (5 min).'),
        keepAliveTimeout: milliseconds.optional().describe('How long an idle connection is kept (75 s).'),
        silence: milliseconds.optional().describe('Silence while answering, after which a connection is dropped (5 min).'),
        maxHeaderBytes: z
          .int()
          .min(4096)
          .max(1024 ** 2)
          .optional(),
        maxConnections: z.int().min(1).optional().describe('Connections of one listener (20 000).'),
      })
      .prefault({})
      .describe('Of the HTTP listeners; times in milliseconds.'),
    lockout: z
      .strictObject({
        account: z.int().min(1).default(10),
        address: z.int().min(1).default(100),
        window: milliseconds.default(15 * 60_000),
      })
      .prefault({})
      .describe('Failed sign-ins within `window` ms before an account or a network address is refused.'),
    passwordCost: z
      .strictObject({
        memory: z
          .int()
          .min(8)
          .max(1024 ** 2),
        passes: z.int().min(1).max(20),
      })
      .optional()
      .describe('argon2id; memory in KiB. 19 MiB and 2 passes when left out.'),
    signIn: z
      .strictObject({
        ntlm: z
          .boolean()
          .default(false)
          .describe(
            'Takes NTLMv2 at EWS and Autodiscover, from those whose password was set while this was on: the NT hash that it needs is kept, sealed, and forgotten when this is off.',
          ),
        kerberos: z
          .strictObject({
            keytab: z
              .string()
              .min(1)
              .describe('File with the keys of the services `HTTP/host`, as `kadmin ktadd` or `ktpass` writes it (AES).'),
            realms: z
              .record(z.string().regex(/^[\x21-\x7e]{1,255}$/, 'not a realm'), domain)
              .default({})
              .describe('The accepted domain of a realm that has another name: `"CORP.LOCAL": "contoso.com"`.'),
          })
          .optional()
          .describe('Takes Kerberos tickets (Negotiate) at EWS and Autodiscover.'),
        identityKeyDays: z
          .int()
          .min(1)
          .max(3650)
          .default(usualIdentityKeyDays)
          .describe('Days that a key signs identity tokens before its successor does.'),
        programs: z
          .array(program)
          .default([])
          .describe('Programs of servers, which keep a secret. They ask what a token is worth, and may sign people in.'),
      })
      .prefault({})
      .describe('Of signing in with modern authentication.'),
    metricsFrom: z.array(z.string()).default(['127.0.0.1', '::1']).describe('Addresses that may read /metrics.'),
    log: z
      .strictObject({
        level: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
        file: z.string().optional().describe('Standard output when left out.'),
      })
      .prefault({}),
  })
  .check((context) => {
    const { listeners, insecureHttp, data, database, signIn } = context.value
    const problem = (path: (string | number)[], message: string) =>
      context.issues.push({ code: 'custom', path, message, input: context.value })
    if (listeners.http && !insecureHttp) problem(['listeners', 'http'], 'plain HTTP needs "insecureHttp": true')
    if (listeners.http && !isLoopback(listeners.http.host))
      problem(['listeners', 'http', 'host'], 'plain HTTP is served on a loopback address only')
    if (!listeners.https && !listeners.http) problem(['listeners', 'https'], 'is needed: nobody could sign in')
    const ids = signIn.programs.map(({ id }) => id)
    if (new Set(ids).size < ids.length) problem(['signIn', 'programs'], 'two programs have the same id')
    if (database && !data) problem(['data'], 'is needed beside a database, for large blobs and keys')
  })

export type SiteConfig = z.output<typeof siteConfig>
export type SiteConfigInput = z.input<typeof siteConfig>

export interface ConfigProblem {
  /** `listeners.https.port` */
  path: string
  message: string
}

/** Reads a configuration; answers either the site's configuration or every problem in it, each with its path. */
export function readConfig(value: unknown): { config: SiteConfig } | { problems: ConfigProblem[] } {
  const result = siteConfig.safeParse(value)
  if (result.success) return { config: result.data }
  return { problems: result.error.issues.flatMap(problemsOf) }
}

function problemsOf(issue: z.core.$ZodIssue): ConfigProblem[] {
  const at = (more: PropertyKey[] = []) => [...issue.path, ...more].map(String).join('.') || '(the whole file)'
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ path: at([key]), message: 'is not a configuration key' }))
  return [{ path: at(), message: issue.message }]
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}
