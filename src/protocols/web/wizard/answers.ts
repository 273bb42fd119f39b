/** What the wizard is answered with, as its pages send it. */
import { z } from 'zod'
import { hasTrust } from '#hybrid'

const name = z.string().trim().toLowerCase().min(1).max(253).regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, 'a name like contoso.com') // prettier-ignore
/** An https address without a path: `https://mail.contoso.com`. */
export const origin = z
  .string()
  .trim()
  .max(300)
  .regex(/^https:\/\/[^/?#@\s]+\/?$/i, 'an https address without a path, like https://mail.contoso.com')
  .refine((text) => URL.canParse(text), 'an https address')
  .transform((text) => new URL(text).origin)

/** The online organisation, and the token of its administrator: it is in the request and nowhere else on this side. */
export const online = z.object({
  url: origin,
  /** One of its domains. */
  organisation: name,
  token: z
    .string()
    .min(1)
    .max(8192)
    .regex(/^[A-Za-z0-9._~+/-]+=*$/, 'an access token'),
})
export type Online = z.output<typeof online>

const feature = z.enum([
  'FreeBusy',
  'MailTips',
  'OnlineArchive',
  'MessageTracking',
  'OWARedirection',
  'SecureMail',
  'Photos',
  'Centralized',
])

/** The hybrid that is wanted (`HybridPlan`). Absent mail servers: the hosts of the addresses. */
export const plan = z
  .object({
    domains: z.array(name).min(1).max(100),
    onlineDomain: name,
    authService: origin,
    onPremises: z.object({
      url: origin,
      autodiscover: origin,
      mail: name.optional(),
      certificate: z
        .string()
        .max(1024)
        .regex(/^<I>.+<S>.+$/s, 'a certificate as it is offered')
        .optional(),
    }),
    online: z.object({ url: origin, mail: name.optional() }),
    features: z.array(feature).max(8),
    federation: z.boolean(),
    oauth: z.boolean(),
  })
  .refine(hasTrust, 'OAuth, a federation, or both')
