// The contestants distribute a new token to many namespaces: this action, and the ways to do it without.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dump } from 'js-yaml'
import { requireBinary } from '../support/binaries.ts'
import { CONCURRENCY, FIRST, KEPT, ROTATION, SECRET, step } from './action.ts'
import { bundle } from './bundle.ts'
import type { Work } from './client.ts'
import type { Harness, Run } from './harness.ts'
import { empty, KEY, likeOurs, type Manifest, passwordIn, versionless } from './secret-manifest.ts'

export interface Contestant {
  readonly name: string
  /** It writes to at most so many namespaces: each costs the same. */
  readonly most?: number
  /** Creates what a rotation needs. */
  prepare?(namespaces: readonly string[]): Promise<void>
  run(namespaces: readonly string[]): Promise<Run>
}

const MANAGER = 'registry-pull-secret'

export const CLIENT = 'bare undici client'
export const LOOP = 'loop of `kubectl create … | kubectl apply`'
export const SERVER_SIDE = 'one `kubectl apply --server-side`'

/** In the order of a round: the other contestants write the token of our rotation to secrets of their own. */
export async function createContestants(harness: Harness): Promise<readonly Contestant[]> {
  return [...thisAction(harness), ...(await theOthers(harness))]
}

function thisAction(harness: Harness): Contestant[] {
  return [
    {
      name: FIRST,
      async run(namespaces) {
        await harness.deleteSecrets(SECRET, namespaces)
        return await step(harness, namespaces)
      },
    },
    { name: ROTATION, run: (namespaces) => step(harness, namespaces, { maxAge: '0' }) },
    { name: KEPT, run: (namespaces) => step(harness, namespaces, { isMinting: false }) },
  ]
}

async function theOthers(harness: Harness): Promise<Contestant[]> {
  const kubectl = requireBinary('kubectl')
  const file = join(harness.folder, 'secrets.yaml')
  const client = await bundle(harness, 'client')

  const send = async (secrets: readonly Manifest[], manager: string) => {
    const work = join(harness.folder, 'work.json')
    const requests = secrets.map((secret) => ({
      path: `/api/v1/namespaces/${secret.metadata.namespace}/secrets/${secret.metadata.name}?fieldManager=${manager}&force=true`,
      body: JSON.stringify(secret),
    }))
    await writeFile(work, JSON.stringify({ ...harness.cluster, concurrency: CONCURRENCY, requests } satisfies Work))
    return await harness.command([process.execPath, client, work])
  }
  const apply = async (secrets: readonly Manifest[], ...flags: readonly string[]) => {
    await writeFile(file, secrets.map((secret) => dump(secret)).join('---\n'))
    return await harness.command([kubectl, 'apply', `--filename=${file}`, ...flags])
  }

  const contestant = (
    secretName: string,
    manager: string,
    { start, ...rest }: Omit<Contestant, 'run'> & { readonly start: (secrets: readonly Manifest[]) => Promise<Run> },
  ): Contestant => ({
    ...rest,
    async prepare(namespaces) {
      const present = await harness.secrets(secretName)
      const missing = namespaces.filter((namespace) => !present.has(namespace))
      if (missing.length > 0)
        await send(
          missing.map((namespace) => empty(secretName, namespace)),
          manager,
        )
    },
    async run(namespaces) {
      const [source, present] = [await harness.secrets(SECRET), await harness.secrets(secretName)]
      const secrets = namespaces.map((namespace) => likeOurs(secretName, source.get(namespace), present.get(namespace)))
      const run = await start(secrets)
      const stored = await harness.secrets(secretName)
      const isDone = secrets.every(({ metadata, data }) => stored.get(metadata.namespace)?.data[KEY] === data[KEY])
      if (!isDone) throw new Error(`${rest.name} did not write what it should`)
      return run
    },
  })

  return [
    contestant('client', MANAGER, { name: CLIENT, start: (secrets) => send(secrets, MANAGER) }),
    contestant('server-side', 'kubectl', {
      name: SERVER_SIDE,
      start: (secrets) => apply(secrets.map(versionless), '--server-side', '--force-conflicts'),
    }),
    contestant('client-side', 'kubectl', {
      name: 'one `kubectl apply`',
      start: (secrets) => apply(secrets.map(versionless)),
    }),
    contestant('loop', 'kubectl', {
      name: LOOP,
      most: 50,
      start(secrets) {
        const names = secrets.map(({ metadata }) => metadata.namespace)
        const password = passwordIn(secrets[0], harness.ibm.registryHost)
        const env = { KUBECTL: kubectl, NAME: 'loop', SERVER: harness.ibm.registryHost, PASSWORD: password }
        return harness.command(['bash', '-c', LOOP_SCRIPT, 'loop', ...names], env)
      },
    }),
  ]
}

const LOOP_SCRIPT = `
  set -eo pipefail
  for namespace; do
    "$KUBECTL" create secret docker-registry "$NAME" --namespace="$namespace" --docker-server="$SERVER" \
      --docker-username=token --docker-password="$PASSWORD" --dry-run=client --output=yaml | "$KUBECTL" apply --filename=-
  done
`
