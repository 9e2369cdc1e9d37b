// Real servers that all test files of a project share, since each takes seconds of CPU time to start. For vitest's
// `globalSetup`, whose process outlives those of the files. A server starts when the first file asks for it.
import type { TestProject } from 'vitest/node'
import { json } from '../http/exchange.ts'
import { startWebServer } from '../http/web-server.ts'
import type { Shared } from './shared.ts'

export default async function offerSharedServers({ provide }: TestProject): Promise<() => Promise<void>> {
  const resources = new AsyncDisposableStack()
  const started = new Map<string, Promise<object>>()
  const startOnce = async (name: keyof Shared) => {
    // Most runs of single files need none of them.
    const { start } = await import('./start.ts')
    const server = started.get(name) ?? start[name](resources)
    started.set(name, server)
    return await server
  }
  const { url } = resources.use(
    await startWebServer(async ({ path }) => json(200, await startOnce(path.slice(1) as keyof Shared))),
  )
  provide('sharedServers', url)
  return () => resources.disposeAsync()
}
