// Others who edit an object at the same time as we do, each a part of it, and what is lost of that.
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { follow } from './follow.ts'
import type { KubernetesObject } from './resources.ts'
import type { KubernetesServer } from './server.ts'

/** What one editor cares for, and leaves all else alone. */
export interface Part {
  readonly editor: string
  read(object: KubernetesObject): unknown
  /** Changes the part, to something new each time. */
  edit(object: KubernetesObject, count: number): void
}

export interface Edited {
  /** All that the object ever was meanwhile, in order. */
  readonly versions: readonly KubernetesObject[]
  /** Acknowledged edits, by editor. */
  readonly edits: Readonly<Record<string, number>>
  /** Each version that lacks the last stored change of one of the editors. */
  readonly losses: readonly string[]
}

/** Lets editors work on an object until our work on it is done. */
export async function editTogether(
  server: KubernetesServer,
  collection: string,
  name: string,
  parts: readonly Part[],
  work: () => Promise<void>,
): Promise<Edited> {
  const get = async () => (await server.request('GET', `${collection}/${name}`)).body
  const versions: KubernetesObject[] = []
  await using followed = await follow(server, collection, name, (version) => {
    if (version !== undefined) versions.push(version)
  })
  if (followed.first !== undefined) versions.unshift(followed.first)
  const done = new AbortController()
  const editing = Promise.all(parts.map((part) => editUntil(done.signal, server, `${collection}/${name}`, part)))
  await Promise.race([work(), editing]).finally(() => done.abort())
  const acknowledged = await editing
  const last = versionOf(await get())
  await expect.poll(() => versionOf(versions.at(-1)), { timeout: 10_000 }).toBe(last)
  return {
    versions,
    edits: Object.fromEntries(parts.map(({ editor }, at) => [editor, acknowledged[at]?.size ?? 0])),
    losses: parts.flatMap((part, at) => lossesOf(part, acknowledged[at] ?? new Map(), versions)),
  }
}

/** Get, modify, put, as `kubectl edit` and most controllers do. */
async function editUntil(
  done: AbortSignal,
  server: KubernetesServer,
  path: string,
  { editor, read, edit }: Part,
): Promise<ReadonlyMap<string, unknown>> {
  const acknowledged = new Map<string, unknown>()
  while (!done.aborted) {
    const { body: object } = await server.request('GET', path)
    edit(object, acknowledged.size)
    const { status, body } = await server.request('PUT', `${path}?fieldManager=${editor}`, object)
    if (status === 200) acknowledged.set(versionOf(body), read(object))
    else if (status !== 409) throw new Error(`PUT ${path}: ${status} ${body.message}`)
    await sleep(Math.random() * 10)
  }
  return acknowledged
}

function lossesOf(
  { editor, read }: Part,
  acknowledged: ReadonlyMap<string, unknown>,
  versions: readonly KubernetesObject[],
): string[] {
  const losses: string[] = []
  const seen = new Set(versions.map(versionOf))
  for (const version of acknowledged.keys()) if (!seen.has(version)) losses.push(`${editor}: ${version} never was`)
  let expected = JSON.stringify(read(versions[0] as KubernetesObject))
  for (const version of versions) {
    const mine = versionOf(version)
    if (acknowledged.has(mine)) expected = JSON.stringify(acknowledged.get(mine))
    const stored = JSON.stringify(read(version))
    if (stored !== expected) losses.push(`${editor} at ${mine}: ${stored} instead of ${expected}`)
  }
  return losses
}

const versionOf = (object: KubernetesObject | undefined): string => object?.metadata.resourceVersion

/** An editor of a service account, who adds and removes pull secrets of theirs. */
export function accountEditor(editor: string): Part {
  const isTheirs = ({ name }: { name: string }) => name.startsWith(`${editor}-`)
  return {
    editor,
    read: ({ imagePullSecrets = [] }) => imagePullSecrets.filter(isTheirs),
    edit(account, count) {
      const others = (account.imagePullSecrets ?? []).filter((entry: { name: string }) => !isTheirs(entry))
      const theirs = Array.from({ length: count % 3 }, (_, at) => ({ name: `${editor}-${count}-${at}` }))
      account.imagePullSecrets = count % 2 === 0 ? [...others, ...theirs] : [...theirs, ...others]
    },
  }
}

/** Another tool, which keeps its own registry host in a pull secret. */
export function hostEditor(editor: string): Part {
  const configOf = ({ data }: KubernetesObject) =>
    JSON.parse(Buffer.from(data['.dockerconfigjson'], 'base64').toString())
  const host = `${editor}.example.com`
  return {
    editor,
    read: (secret) => configOf(secret).auths[host] ?? 'none',
    edit(secret, count) {
      const { [host]: _, ...others } = configOf(secret).auths
      const auth = Buffer.from(`${editor}:${count}`).toString('base64')
      const auths = count % 3 === 2 ? others : { ...others, [host]: { auth } }
      secret.data['.dockerconfigjson'] = Buffer.from(JSON.stringify({ auths })).toString('base64')
    },
  }
}

/** An editor that keeps notes on an object: a label, an annotation, a finalizer, a key of its data. */
export function noteEditor(editor: string): Part {
  const key = `${editor}.example.com/note`
  return {
    editor,
    read: ({ metadata, data }) => [
      metadata.labels?.[key],
      metadata.annotations?.[key],
      metadata.finalizers ?? [],
      data?.[editor],
    ],
    edit(object, count) {
      const { metadata } = object
      metadata.labels = { ...metadata.labels, [key]: `${count}` }
      metadata.annotations = { ...metadata.annotations, [key]: `${count}` }
      metadata.finalizers = count % 2 === 0 ? [`${editor}.example.com/hold`] : []
      object.data = { ...object.data, [editor]: Buffer.from(`${count}`).toString('base64') }
    },
  }
}
