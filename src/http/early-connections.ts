import type { Socket } from 'node:net'
import type { buildConnector } from 'undici'
import { withoutBrackets } from './address.ts'

/** How long a connection waits for its first request. */
const MAX_WAIT_MS = 4000

type Connect = buildConnector.connector
type Opened = Parameters<buildConnector.Callback>

/** Connections that are opened before their first request, at most one to each origin: that request then waits for no handshake. */
export class EarlyConnections {
  readonly #connect: Connect
  /** By origin, until they are used or closed. */
  readonly #waiting = new Map<string, Promise<Opened>>()

  /** @param connect with TLS, or with TCP alone where TLS is to come later */
  constructor(connect: Connect) {
    this.#connect = catching(connect)
  }

  /** Does nothing where one is waiting. */
  open({ origin, protocol, host, hostname, port }: URL): void {
    if (this.#waiting.has(origin)) return
    const { promise, resolve } = Promise.withResolvers<Opened>()
    this.#waiting.set(origin, promise)
    this.#connect({ protocol, host, hostname: withoutBrackets(hostname), port }, (...opened) => {
      resolve(opened)
      this.#keep(origin, promise, opened)
    })
  }

  /**
   * The connection that is waiting, or being opened; or why it could not be opened.
   * @returns undefined where there is none: also when the server has closed it, or another request took it
   */
  async take({ protocol, host }: Pick<buildConnector.Options, 'protocol' | 'host'>): Promise<Opened | undefined> {
    const origin = `${protocol}//${host}`
    const waiting = this.#waiting.get(origin)
    this.#waiting.delete(origin)
    const opened = await waiting
    const socket = opened?.[1]
    return socket && !isAlive(socket) ? undefined : opened
  }

  /** Takes the connection that is waiting, or being opened, else opens one. */
  readonly connect: Connect = async (options, callback) => {
    const taken = await this.take(options)
    if (taken === undefined) this.#connect(options, callback)
    else callback(...taken)
  }

  #keep(origin: string, promise: Promise<Opened>, [error, socket]: Opened): void {
    const forget = () => this.#waiting.get(origin) === promise && this.#waiting.delete(origin)
    if (error !== null) {
      forget()
      return
    }
    setTimeout(() => forget() && socket.destroy(), MAX_WAIT_MS).unref()
  }

  async close(): Promise<void> {
    const opened = await Promise.all(this.#waiting.values())
    for (const [, socket] of opened) socket?.destroy()
  }
}

/** Passes to the callback what opening a connection throws: undici catches that only of a connector that does not wait before it. */
export function catching(connect: Connect): Connect {
  return (options, callback) => {
    try {
      connect(options, callback)
    } catch (error) {
      callback(error as Error, null)
    }
  }
}

/**
 * Whether the server has not closed the connection. A server of HTTP/2 speaks first, and Node tells the end of a connection only after all
 * before it has been read, so this looks where Node's streams note it.
 */
function isAlive(socket: Socket): boolean {
  const { ended = false } = Reflect.get(socket, '_readableState') as { readonly ended?: boolean }
  if (!ended && socket.writable) return true
  socket.destroy()
  return false
}
