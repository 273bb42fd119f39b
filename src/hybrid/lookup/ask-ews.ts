import type { XmlElement } from '#wire'
import type { EwsRequest, Question } from './asker.ts'

/** How requests reach the other side; each generation signs them in its own way. Both give the answer's body. */
export interface Post {
  /** Asks Autodiscover for the EWS address of somebody. */
  autodiscover(url: string, address: string): Promise<XmlElement>
  /** Sends a request to EWS. */
  ews(url: string, request: EwsRequest): Promise<XmlElement>
}

/** The server version that other servers are asked with. */
export const askedVersion = 'Exchange2013'
/** What this server calls itself when it asks, and what is searched for in the other side's log. */
export const agents = { autodiscover: 'ASAutoDiscover/CrossForest/EmailDomain', ews: 'ASProxy/CrossForest/EmailDomain' } as const
/** The SOAP action of an operation of EWS. */
export const ewsAction = (name: string): string => `http://schemas.microsoft.com/exchange/services/2006/messages/${name}`

/** Puts the question to EWS at the address. */
export const askEws = <T>(post: Post, url: string, question: Question<T>): Promise<T> => question.ask((request) => post.ews(url, request))
