import { createHash } from 'node:crypto'
import type { HttpReply, HttpRequest } from '#access'

/** A JSON answer that nobody keeps. */
export function json(status: number, body: string, headers: Record<string, string> = {}): HttpReply {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers }, body }
}

/** A text with an ETag; nothing but that when the client has it already. */
export function tagged(request: HttpRequest, type: string, body: string, more: Record<string, string> = {}): HttpReply {
  const etag = `"${digest(body)}"`
  const headers = { 'content-type': type, 'cache-control': 'private, no-cache', ...more, etag }
  return request.headers['if-none-match'] === etag ? { status: 304, headers, body: '' } : { status: 200, headers, body }
}

/** What tells one text from another. */
export const digest = (text: string): string => createHash('sha256').update(text).digest('base64url')
