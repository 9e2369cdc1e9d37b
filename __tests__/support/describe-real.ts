import { spawnSync } from 'node:child_process'
import { describe } from 'vitest'
import { type Binary, findBinary, missingBinaries, nodeBinaries, realServersRequired } from './binaries.ts'

/** Tests that need real servers; without them they are skipped. */
export function describeReal(names: readonly Binary[], title: string, body: () => void): void {
  const missing = names.filter((name) => findBinary(name) === undefined)
  if (missing.length === 0) describe(title, body)
  else skip(title, missingBinaries(missing), body)
}

/** Tests on a real node, which takes root, and namespaces of its own: not every container gives them. */
export function describeNode(title: string, body: () => void): void {
  const { status } = spawnSync('unshare', ['--mount', '--pid', '--fork', 'true'])
  if (process.getuid?.() === 0 && status === 0)
    describeReal(['etcd', 'kube-apiserver', 'docker-registry', ...nodeBinaries], title, body)
  else skip(title, 'a node needs root, and a machine that lets it unshare namespaces', body)
}

/** The one place where a test may be skipped: it says so in one line, and fails instead when REAL_SERVERS=required. */
function skip(title: string, reason: string, body: () => void): void {
  if (realServersRequired) throw new Error(reason)
  process.stderr.write(`skipped: ${title}: ${reason}\n`)
  describe.skip(title, body)
}
