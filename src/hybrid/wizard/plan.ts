/** What a hybrid is to become: what an administrator answers the wizard's questions with. */
export interface HybridPlan {
  /** The domains that both premises share, the first federated first. */
  domains: string[]
  /** The online organisation's own domain, by which on-premises routes to it (the coexistence domain). */
  onlineDomain: string
  /** Where the auth service is: `https://login.example`. */
  authService: string
  /** How the premises are reached by each other: `https://mail.contoso.com`. `mail` is the mail server's name where it is another. */
  onPremises: {
    url: string
    autodiscover: string
    mail?: string
    /** The mail server's certificate as configuration names it (`<I>issuer<S>subject`), where it is another than the server's own. */
    certificate?: string
  }
  online: { url: string; mail?: string }
  /** `FreeBusy`, `MailTips`, `SecureMail` … */
  features: string[]
  /** Whether the trust of generation (b) is set up: for partners, and in case OAuth fails. */
  federation: boolean
  /** Whether OAuth is set up, which is used first. */
  oauth: boolean
}

/** A hybrid without any trust is none. */
export const hasTrust = ({ federation, oauth }: Pick<HybridPlan, 'federation' | 'oauth'>): boolean => federation || oauth

/** The name that a certificate is called by: the CN of the subject of `<I>issuer<S>subject`. */
export const commonNameOf = (certificate: string): string | undefined => /<S>(?:.*,)?\s*CN=([^,]+)/i.exec(certificate)?.[1]?.trim()

/** Publishes a TXT record, or waits until an administrator has. The wizard goes on when it is there. */
export type PublishProof = (record: { domain: string; text: string }) => Promise<void>
