import { asObject } from '../../core/json.ts'
import { withoutFinalSlashes } from '../../http/address.ts'
import type { Send } from '../../http/client.ts'
import { acceptNamedServer } from '../../http/named-server.ts'

/**
 * Looks up the login server of a Cloud Foundry API: by `GET /v2/info`, or by `GET /` where API v2 is gone.
 * @see https://apidocs.cloudfoundry.org/280/info/get_info.html
 * @see https://v3-apidocs.cloudfoundry.org/#root for the links of `GET /`
 * @returns the URL of the login server without a final slash; it can have a path (`https://login.…/UAALoginServerWAR`)
 */
export async function discoverLogin(send: Send, apiEndpoint: string): Promise<string> {
  const operation = `find the login server of ${apiEndpoint}`
  const hints = () => ({ 404: API_ENDPOINT_HINT })
  const accept = (url: string) => {
    const server = withoutFinalSlashes(url)
    acceptNamedServer({
      operation: `log in at ${server}`,
      from: new URL(apiEndpoint),
      to: new URL(server),
      role: 'login server',
    })
    return server
  }
  const infoUrl = `${apiEndpoint}/v2/info`
  const info = await send({ service: 'issuer', operation, url: infoUrl, expectedStatuses: [403, 404, 410, 501] })
  const endpoint = info.status === 200 ? info.json().authorization_endpoint : undefined
  if (isUrl(endpoint)) return accept(endpoint)

  const root = await send({ service: 'issuer', operation, url: `${apiEndpoint}/`, hints })
  const { href } = asObject(asObject(root.json().links).login)
  if (isUrl(href)) return accept(href)
  throw root.unexpected('the response names no login server')
}

/** For a 404: this server is not a Cloud Foundry API. */
export const API_ENDPOINT_HINT =
  'Check `api-endpoint`: it must be the Cloud Foundry API, as in https://api.<dedicated-domain>.'

function isUrl(value: unknown): value is string {
  return typeof value === 'string' && URL.canParse(value)
}
