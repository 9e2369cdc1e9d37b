// A web server with one handler for everything, for responses that no fake server sends.
import type { Certificate } from './certificate.ts'
import type { Handler } from './exchange.ts'
import { Faults } from './faults.ts'
import { type HttpServer, type JournalEntry, startHttpServer } from './http-server.ts'

export interface WebServer extends HttpServer {
  readonly journal: readonly JournalEntry[]
  readonly faults: Faults
}

export async function startWebServer(handle: Handler, certificate?: Certificate): Promise<WebServer> {
  const journal: JournalEntry[] = []
  const faults = new Faults()
  const route = { server: 'registry', path: /^/, handle } as const
  const server = await startHttpServer(() => [route], { journal, faults, certificate })
  return { ...server, journal, faults }
}
