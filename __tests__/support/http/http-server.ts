import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { buffer, text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { TLSSocket } from 'node:tls'
import { credentialsOfRequest, credentialsOfResponse, issuedCredential } from '../secrecy/credentials.ts'
import { echo } from '../secrecy/echo.ts'
import { knownSecrets } from '../secrecy/known-secrets.ts'
import type { Certificate } from './certificate.ts'
import type { FakeResponse, Handler, RecordedRequest, ServerName } from './exchange.ts'
import type { Fault, Faults } from './faults.ts'

export interface Route {
  readonly server: ServerName
  readonly path: RegExp
  /** The handler reads the body from `incoming`, since it can be of any size. */
  readonly streams?: true
  readonly handle: Handler
}

export interface JournalEntry extends Omit<RecordedRequest, 'incoming'> {
  /** The status of the response; undefined until it is sent, and when the request hung or the connection was cut. */
  status: number | undefined
  readonly at: Date
  /** Of the client: each connection has its own. */
  readonly port: number | undefined
  /** That the client sent, and the one that it asked for. */
  readonly credentials: string[]
}

export interface HttpServer extends AsyncDisposable {
  /** The origin. */
  readonly url: string
  /** Where it listens; differs from `url` when the server has a name. */
  readonly address: string
}

export interface HttpServerOptions {
  /** Every request is written here when it comes in. */
  readonly journal: JournalEntry[]
  readonly faults: Faults
  /** https with this identity instead of http. */
  readonly certificate?: Certificate | undefined
  /** Of the origin, which a proxy resolves to the address. */
  readonly name?: string | undefined
}

/** Serves routes on a free port of 127.0.0.1. The routes are made when the origin is known. */
export async function startHttpServer(
  createRoutes: (url: string) => readonly Route[] | Promise<readonly Route[]>,
  { journal, faults, certificate, name }: HttpServerOptions,
): Promise<HttpServer> {
  let routes: readonly Route[] = []
  const listener: RequestListener = (incoming, response) => {
    serve(incoming, response).catch((error: unknown) => {
      if (response.headersSent || incoming.destroyed) response.destroy()
      else response.writeHead(500).end(`The fake server failed: ${String(error)}`)
    })
  }
  const server = certificate
    ? createTlsServer({ cert: certificate.certificate, key: certificate.key }, listener)
    : createServer(listener)
  // Like a Kubernetes API server it bears idle connections, and promises nothing about them.
  server.keepAliveTimeout = 0
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  await using resources = new AsyncDisposableStack()
  resources.defer(async () => {
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  })
  const scheme = certificate ? 'https' : 'http'
  const address = `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`
  const url = name === undefined ? address : `${scheme}://${name}`
  routes = await createRoutes(url)
  const running = resources.move()
  return { url, address, [Symbol.asyncDispose]: () => running.disposeAsync() }

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname: path, searchParams: query } = new URL(incoming.url ?? '/', url)
    const route = routes.find((route) => route.path.test(path))
    if (route === undefined) throw new Error(`nothing is served at ${path}`)
    const { server, streams, handle } = route
    const { method = 'GET', headers } = incoming
    const body = streams ? '' : await text(incoming)
    const entry: JournalEntry = {
      server,
      method,
      path,
      query,
      headers,
      body,
      status: undefined,
      at: new Date(),
      port: incoming.socket.remotePort,
      credentials: [],
    }
    journal.push(entry)
    const request: RecordedRequest = { server, method, path, query, headers, body, incoming }
    const sent = credentialsOfRequest(request)
    entry.credentials.push(...sent)
    knownSecrets.addAll(sent, `credential in ${method} ${server} ${path}`)
    const act = async () => await handle(request)
    const respond = (answer: FakeResponse) => {
      entry.status = answer.status
      if (server !== 'kubernetes' && typeof answer.body === 'string') {
        entry.credentials.push(...issuedCredential(answer.body))
        knownSecrets.addAll(
          credentialsOfResponse(answer.body),
          `credential in the response to ${method} ${server} ${path}`,
        )
      }
      return send(response, answer)
    }
    const fault = faults.meet(request)
    if (fault === undefined) await respond(await act())
    else if (fault.kind === 'echo') await respond(echo(sent, fault.status))
    else await goWrong(fault, act, respond, response)
  }
}

async function goWrong(
  fault: Exclude<Fault, { kind: 'echo' }>,
  act: () => Promise<FakeResponse>,
  respond: (answer: FakeResponse) => Promise<void>,
  response: ServerResponse,
): Promise<void> {
  switch (fault.kind) {
    case 'status':
      return await respond(fault)
    case 'cut':
      setTimeout(() => response.destroy(), fault.ms).unref()
      return await respond(await act())
    case 'redirect':
      return await respond({ status: 307, headers: { location: fault.to } })
    case 'delay':
      await sleep(fault.ms, undefined, { ref: false })
      return await respond(await act())
    case 'hang':
      return
    case 'hang-after':
      await act()
      return
    case 'late':
      await fault.until
      await act()
      return
    case 'reset-before':
      reset(response.socket)
      return
    case 'reset-after':
      await act()
      reset(response.socket)
      return
    case 'truncate': {
      const { status, headers, body } = await act()
      const bytes = await bytesOf(body)
      response.writeHead(status, { ...headers, 'content-length': bytes.length })
      response.write(half(bytes), () => response.destroy())
      return
    }
    case 'truncated-json': {
      const answer = await act()
      return await respond({ ...answer, body: half(await bytesOf(answer.body)) })
    }
    case 'inflate': {
      const answer = await act()
      const json = String(await bytesOf(answer.body))
      const { items } = JSON.parse(json)
      const space = ' '.repeat(fault.bytes * (Array.isArray(items) ? items.length : 0))
      return await respond({ ...answer, body: json + space })
    }
  }
}

function reset(socket: Socket | null): void {
  if (socket instanceof TLSSocket) socket.destroy()
  else socket?.resetAndDestroy()
}

async function send(response: ServerResponse, { status, headers = {}, body = '' }: FakeResponse): Promise<void> {
  if (typeof body === 'string' || Buffer.isBuffer(body)) {
    response.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers }).end(body)
  } else {
    // A stream may be silent for long: its reader sees at once that it is open.
    response.writeHead(status, headers).flushHeaders()
    await pipeline(body, response)
  }
}

async function bytesOf(body: FakeResponse['body'] = ''): Promise<Buffer> {
  return typeof body === 'string' ? Buffer.from(body) : Buffer.isBuffer(body) ? body : await buffer(body)
}

function half(bytes: Buffer): Buffer {
  return bytes.subarray(0, Math.floor(bytes.length / 2))
}
