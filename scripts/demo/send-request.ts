// Sends the request to the API server that it reads as JSON, and ends: for a machine without kubectl.
import { once } from 'node:events'
import { request } from 'node:https'
import { json } from 'node:stream/consumers'

interface Request {
  readonly url: string
  readonly certificateAuthority: string
  readonly adminToken: string
  readonly method: string
  readonly path: string
  readonly body?: object
}

const { url, certificateAuthority, adminToken, method, path, body } = (await json(process.stdin)) as Request
const sending = request(url + path, {
  method,
  ca: certificateAuthority,
  headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
})
sending.end(body && JSON.stringify(body))
const [response] = await once(sending, 'response')
response.resume()
await once(response, 'end')
if (response.statusCode >= 300) throw new Error(`${method} ${path}: the API server returned ${response.statusCode}`)
