import type { Send } from '../../http/client.ts'
import { UnexpectedAnswer } from '../../http/errors.ts'

/**
 * Asks the Cloud Foundry API where to log in: `GET /v2/info`, and `GET /` where that is gone.
 * @returns the authorization endpoint without a final slash; it can have a path (`https://login.…/UAALoginServerWAR`)
 */
export async function discoverLogin(send: Send, apiEndpoint: string): Promise<string> {
  const doing = `find the login server of ${apiEndpoint}`
  const cures = { 404: 'Check `api-endpoint`: it must be the Cloud Foundry API, as in https://api.<dedicated-domain>.' }
  const infoUrl = `${apiEndpoint}/v2/info`
  const info = await send({ doing, url: infoUrl, expect: [403, 404, 410, 501] })
  const endpoint = info.status === 200 ? info.json().authorization_endpoint : undefined
  if (isAddress(endpoint)) return withoutSlash(endpoint)

  const root = await send({ doing, url: `${apiEndpoint}/`, cures })
  const links = root.json().links as { readonly login?: { readonly href?: unknown } | null } | null | undefined
  const href = links?.login?.href
  if (isAddress(href)) return withoutSlash(href)
  throw new UnexpectedAnswer(doing, `GET ${apiEndpoint}/`, 'it names no login server')
}

function isAddress(value: unknown): value is string {
  return typeof value === 'string' && URL.canParse(value)
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '')
}
