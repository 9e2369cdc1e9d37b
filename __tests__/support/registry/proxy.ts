// A real registry behind IBM's proxy: everything streams through; only its errors get IBM's messages.
import { request as httpRequest, type IncomingMessage } from 'node:http'
import type { FakeResponse, Handler, RecordedRequest } from '../http/exchange.ts'
import { denied, unauthorized } from './refusal.ts'

/** @param upstream the origin of the real registry */
export function proxyRegistry(upstream: string, realm: string): Handler {
  return async ({ incoming, method, headers }: RecordedRequest): Promise<FakeResponse> => {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const outgoing = httpRequest(upstream + incoming.url, { method, headers })
      incoming.on('error', reject).pipe(outgoing.on('response', resolve).on('error', reject))
    })
    // A registry that refuses does not read the body to its end; its client still wants to send it.
    incoming.unpipe().resume()
    const { statusCode: status = 502, headers: answered } = answer
    if (status === 401) {
      answer.resume()
      const challenge = answered['www-authenticate'] ?? ''
      if (challenge.includes('error="insufficient_scope"')) return denied(method)
      return unauthorized(realm, /scope="([^"]*)"/.exec(challenge)?.[1])
    }
    const kept = Object.entries(answered).filter(([name]) => !OF_ONE_CONNECTION.has(name))
    return { status, headers: Object.fromEntries(kept) as Record<string, string>, body: answer }
  }
}

const OF_ONE_CONNECTION = new Set(['connection', 'keep-alive', 'transfer-encoding'])
