// The contestants distribute a new token to many namespaces: this action, and the ways to do it without.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { dump } from 'js-yaml'
import { build } from 'rolldown'
import { requireBinary } from '../support/binaries.ts'
import type { Work } from './client.ts'
import type { Harness, Run, Secret } from './harness.ts'

export interface Contestant {
  readonly name: string
  /** It writes to at most so many namespaces: each costs the same. */
  readonly most?: number
  /** Creates what a rotation needs. */
  prepare?(namespaces: readonly string[]): Promise<void>
  run(namespaces: readonly string[]): Promise<Run>
}

/** Requests in flight, for each contestant that sends several at a time. */
const CONCURRENCY = 16
const SECRET = 'action'
const MANAGER = 'registry-pull-secret'

export const FIRST = 'this action, first run'
export const ROTATION = 'this action, rotation'
export const KEPT = 'this action, nothing to do'
export const CLIENT = 'bare undici client'
export const LOOP = 'loop of `kubectl create … | kubectl apply`'
export const SERVER_SIDE = 'one `kubectl apply --server-side`'

/** In the order of a round: the other contestants write the token of our rotation to secrets of their own. */
export async function createContestants(harness: Harness): Promise<readonly Contestant[]> {
  return [...thisAction(harness), ...(await theOthers(harness))]
}

function thisAction(harness: Harness): Contestant[] {
  const step = async (namespaces: readonly string[], maxAge: string, minted: boolean) => {
    const inputs = {
      'secret-name': SECRET,
      namespaces: namespaces.join(),
      concurrency: String(CONCURRENCY),
      'max-age': maxAge,
      // A revocation waits for in-flight pulls, which is not work.
      revoke: 'never',
    }
    const { run, result } = await harness.step(inputs)
    if (result.code !== 0 || result.outputs.minted !== String(minted)) throw new Error(result.log)
    return run
  }
  return [
    {
      name: FIRST,
      async run(namespaces) {
        await harness.deleteSecrets(SECRET, namespaces)
        return await step(namespaces, '30d', true)
      },
    },
    { name: ROTATION, run: (namespaces) => step(namespaces, '0', true) },
    { name: KEPT, run: (namespaces) => step(namespaces, '30d', false) },
  ]
}

async function theOthers(harness: Harness): Promise<Contestant[]> {
  const kubectl = requireBinary('kubectl')
  const file = join(harness.folder, 'secrets.yaml')
  const client = join(harness.folder, 'client.mjs')
  // Bundled like `dist`, so that both start alike.
  await build({
    input: fileURLToPath(new URL('client.ts', import.meta.url)),
    platform: 'node',
    output: { file: client, format: 'esm' },
    logLevel: 'warn',
  })

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
        const password = passwordIn(secrets[0], harness.registry)
        const env = { KUBECTL: kubectl, NAME: 'loop', SERVER: harness.registry, PASSWORD: password }
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

interface Manifest {
  readonly apiVersion: 'v1'
  readonly kind: 'Secret'
  readonly metadata: {
    readonly name: string
    readonly namespace: string
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
    readonly resourceVersion?: string
  }
  readonly type: string
  readonly data: Readonly<Record<string, string>>
}

const KEY = '.dockerconfigjson'
const KIND = { apiVersion: 'v1', kind: 'Secret' } as const

function empty(name: string, namespace: string): Manifest {
  const data = { [KEY]: Buffer.from('{"auths":{}}').toString('base64') }
  return { ...KIND, metadata: { name, namespace }, type: 'kubernetes.io/dockerconfigjson', data }
}

/** The bytes that this action sends for a secret of that name, as it stands. */
function likeOurs(name: string, ours: Secret | undefined, present: Secret | undefined): Manifest {
  if (ours === undefined || present === undefined) throw new Error(`There is no secret ${name} to renew`)
  const { namespace, labels, annotations } = ours.metadata
  const { resourceVersion } = present.metadata
  return {
    ...KIND,
    metadata: { name, namespace, labels, annotations, resourceVersion },
    type: ours.type,
    data: ours.data,
  }
}

/** Files have no resource versions. */
function versionless({ metadata: { resourceVersion: _, ...metadata }, ...secret }: Manifest): Manifest {
  return { ...secret, metadata }
}

function passwordIn(secret: Manifest | undefined, registry: string): string {
  return JSON.parse(Buffer.from(secret?.data[KEY] ?? '', 'base64').toString()).auths[registry].password
}
