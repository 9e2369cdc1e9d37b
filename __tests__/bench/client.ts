// The least that a client can do: the same requests over one pool of connections, nothing read before, nothing compared.
import { readFileSync } from 'node:fs'
import { Pool } from 'undici'

export interface Work {
  readonly url: string
  readonly certificateAuthority: string
  readonly token: string
  readonly concurrency: number
  readonly requests: readonly { readonly path: string; readonly body: string }[]
}

const work: Work = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'))
const pool = new Pool(work.url, { connections: work.concurrency, connect: { ca: work.certificateAuthority } })
const headers = { authorization: `Bearer ${work.token}`, 'content-type': 'application/apply-patch+yaml' }
const waiting = work.requests.values()

async function send(): Promise<void> {
  for (const { path, body } of waiting) {
    const response = await pool.request({ method: 'PATCH', path, headers, body })
    const text = await response.body.text()
    if (response.statusCode >= 300) throw new Error(`PATCH ${path}: ${response.statusCode} ${text}`)
  }
}

await Promise.all(Array.from({ length: work.concurrency }, send))
await pool.close()
