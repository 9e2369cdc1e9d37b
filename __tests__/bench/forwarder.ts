// Stands before a server and counts connections: each of them has its own TLS handshake, which passes through untouched. It can
// also be as far away as a server in another region.
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { createDelay } from './delay.ts'

export interface Forwarder extends AsyncDisposable {
  readonly port: number
  /** Since the last call. */
  takeConnections(): number
  /** Of connections that are opened from now on: the time to the server and back, in milliseconds. The TCP handshake takes none. */
  setRoundTrip(roundTripMs: number): void
}

export async function startForwarder(port: number): Promise<Forwarder> {
  let connections = 0
  let roundTripMs = 0
  const open = new Set<Socket>()
  const server = createServer({ noDelay: true }, (client) => {
    connections++
    const upstream = connect({ port, host: '127.0.0.1', noDelay: true })
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        open.delete(one)
        // What is on its way still arrives.
        setTimeout(() => other.destroy(), roundTripMs)
      })
      if (roundTripMs === 0) one.pipe(other)
      else one.pipe(createDelay(roundTripMs / 2)).pipe(other)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    takeConnections() {
      const taken = connections
      connections = 0
      return taken
    },
    setRoundTrip(next) {
      roundTripMs = next
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of open) socket.destroy()
      await closed
    },
  }
}
