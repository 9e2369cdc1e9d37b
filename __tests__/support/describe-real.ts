import { spawnSync } from 'node:child_process'
import { describe } from 'vitest'
import { type Binary, findBinary, missingBinaries, nodeBinaries, realServers } from './binaries.ts'
import { findChromium } from './browser/find-chromium.ts'

/** @throws when one of them is missing, and REAL_SERVERS is `required` */
export function hasRealServers(names: readonly Binary[]): boolean {
  const missing = missingOf(names)
  if (missing.length > 0 && realServers === 'required') throw new Error(missingBinaries(missing))
  return missing.length === 0
}

/** Tests that need real servers; without them they are skipped. */
export function describeReal(names: readonly Binary[], title: string, body: () => void): void {
  const missing = missingOf(names)
  if (missing.length === 0) describe(title, body)
  else skip(title, missingBinaries(missing), body)
}

/** Tests in a browser. @param body gets the path of Chromium */
export function describeBrowser(title: string, body: (chromium: string) => void): void {
  const chromium = findChromium()
  if (chromium !== undefined) describe(title, () => body(chromium))
  else skip(title, 'no Chromium found: scripts/real-servers.sh node installs it', () => body(''))
}

function missingOf(names: readonly Binary[]): Binary[] {
  return names.filter((name) => findBinary(name) === undefined)
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
  if (realServers === 'required') throw new Error(reason)
  process.stderr.write(`skipped: ${title}: ${reason}\n`)
  describe.skip(title, body)
}
