import { once } from 'node:events'
import { createSecureServer } from 'node:http2'
import { type AddressInfo, connect, createServer } from 'node:net'
import { expect, it } from 'vitest'
import { createSend } from '../../../src/http/client.ts'
import { createDispatcher } from '../../../src/http/dispatcher.ts'
import { NO_PROXIES } from '../../../src/http/proxy.ts'
import { createAuthority } from '../../support/http/certificate.ts'

/** More than a page of 500 secrets takes. */
const BYTES = 6 * 1024 * 1024

it('a page of a list is sent at once in HTTP/2, without waiting for the client', async () => {
  await using resources = new AsyncDisposableStack()
  const authority = await createAuthority('test')
  const { certificate, key } = await authority.issue({ commonName: 'localhost', hosts: ['127.0.0.1'] })
  const text = 'x'.repeat(BYTES)
  // What the client sends after its request is held back, and with it each permission to send more.
  let isHeldBack = false
  const server = createSecureServer({ cert: certificate, key })
  server.on('stream', (stream, headers) => {
    if (headers[':path'] === '/list') isHeldBack = true
    stream.end(isHeldBack ? text : '')
  })
  const between = createServer((client) => {
    const upstream = connect((server.address() as AddressInfo).port, '127.0.0.1')
    client.on('data', (bytes) => isHeldBack || upstream.write(bytes))
    upstream.pipe(client)
    for (const socket of [client, upstream]) socket.on('error', () => {}).on('close', () => client.destroy())
    resources.defer(() => void upstream.destroy())
  })
  for (const one of [server, between]) {
    one.listen(0, '127.0.0.1')
    await once(one, 'listening')
    resources.defer(() => void one.close())
  }
  const connections = createDispatcher(authority.certificate, NO_PROXIES)
  resources.defer(() => connections.destroy())
  const send = createSend(connections, AbortSignal.timeout(10_000))
  const url = `https://127.0.0.1:${(between.address() as AddressInfo).port}`
  const get = (path: string) => send({ service: 'cluster', operation: 'try', url: url + path, maxAttempts: 1 })
  // The client says how much it takes at the beginning of the connection.
  await get('/version')
  const response = await get('/list')
  expect(response.text).toHaveLength(BYTES)
})
