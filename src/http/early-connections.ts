import type { buildConnector } from 'undici'

/** How long a connection waits for its first request: as long as undici keeps an idle one. */
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
    this.#connect = connect
  }

  /** Does nothing where one is waiting. One that fails before its request comes is forgotten: that request opens another one. */
  open({ origin, protocol, host, hostname, port }: URL): void {
    if (this.#waiting.has(origin)) return
    const { promise, resolve } = Promise.withResolvers<Opened>()
    this.#waiting.set(origin, promise)
    const address = hostname.replace(/^\[(.*)\]$/, '$1')
    this.#connect({ protocol, host, hostname: address, port }, (...opened) => {
      resolve(opened)
      this.#keep(origin, promise, opened)
    })
  }

  /** The connection that is waiting, or being opened. A second call returns nothing, until another one is opened. */
  async take({ protocol, host }: Pick<buildConnector.Options, 'protocol' | 'host'>): Promise<Opened | undefined> {
    const origin = `${protocol}//${host}`
    const waiting = this.#waiting.get(origin)
    this.#waiting.delete(origin)
    return await waiting
  }

  /** Takes the connection that is waiting, or being opened, else opens one. */
  readonly connect: Connect = async (options, callback) => {
    const taken = await this.take(options)
    if (taken === undefined) this.#connect(options, callback)
    else callback(...taken)
  }

  #keep(origin: string, promise: Promise<Opened>, [error, socket]: Opened): void {
    const isWaiting = () => this.#waiting.get(origin) === promise
    const forget = () => isWaiting() && this.#waiting.delete(origin)
    if (error !== null) {
      forget()
      return
    }
    socket.once('close', forget)
    setTimeout(() => isWaiting() && socket.destroy(), MAX_WAIT_MS).unref()
  }

  async close(): Promise<void> {
    const opened = await Promise.all(this.#waiting.values())
    for (const [, socket] of opened) socket?.destroy()
  }
}
