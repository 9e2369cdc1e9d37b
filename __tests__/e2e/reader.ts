// A reader of the documentation, who has a cluster and a repository.
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempDisposableSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'vitest'
import { requireBinary } from '../support/binaries.ts'
import { knownSecrets } from '../support/secrecy/known-secrets.ts'
import type { Scenario } from './harness.ts'

/** A shell of an administrator of the cluster, with kubectl, and with programs in the place of curl and gh. */
export function createReader(scenario: Scenario, edit = (manifest: string) => manifest) {
  const created = mkdtempDisposableSync(join(tmpdir(), 'reader-'))
  const folder = created.path
  const inFolder = (name: string) => join(folder, name)
  const program = (name: string, line: string) => writeFileSync(inFolder(name), `#!/bin/sh\n${line}\n`, { mode: 0o755 })
  mkdirSync(inFolder('examples/rbac'), { recursive: true })
  for (const kit of ['one-namespace', 'many-namespaces', 'deploy']) {
    const path = `examples/rbac/${kit}.yaml`
    writeFileSync(inFolder(path), edit(readFileSync(path, 'utf8')))
  }
  symlinkSync(resolve(requireBinary('kubectl')), inFolder('kubectl'))
  program('curl', `for url; do :; done; cat "${folder}/\${url#*/registry-pull-secret/main/}"`)
  program('gh', `[ "$1 $2" = "secret set" ] && cat > "${folder}/stored-$3"`)
  writeFileSync(inFolder('admin'), scenario.kube.kubeconfig())
  const env = { PATH: `${folder}:${process.env.PATH}`, HOME: folder, KUBECONFIG: inFolder('admin') }
  return {
    run: (script: string) => promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], { env, cwd: folder }),
    /** Saves a file in the folder of the shell. */
    save: (name: string, text: string) => writeFileSync(inFolder(name), text),
    /** What `gh secret set` stored. */
    stored: (name: string) => readFileSync(inFolder(`stored-${name}`), 'utf8'),
    [Symbol.dispose]: () => created[Symbol.dispose](),
  }
}

/** Does what the controller of tokens does in a real cluster: https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/#token-controller */
export async function fillToken({ kube }: Scenario, namespace: string): Promise<void> {
  const path = `/api/v1/namespaces/${namespace}`
  const created = await kube.request('POST', `${path}/serviceaccounts/registry-pull-secret/token`, {})
  const { token } = created.body.status
  knownSecrets.add(token, 'token of the ServiceAccount registry-pull-secret')
  const values = { token, namespace, 'ca.crt': kube.certificateAuthority }
  const data = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, btoa(value)]))
  const headers = { 'content-type': 'application/merge-patch+json' }
  const { status } = await kube.request('PATCH', `${path}/secrets/registry-pull-secret-token`, { data }, headers)
  expect(status).toBe(200)
}
