import type { Stats } from 'node:fs'
import { glob, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { unlessAborted } from '../core/abort.ts'
import { ActionError, reason } from '../core/errors.ts'
import { requireRegular } from '../core/regular-file.ts'
import { info } from '../runner/log.ts'
import { separateSources } from './manifest-source.ts'
import { quote } from './quote.ts'
import type { Reader } from './reader.ts'

/** Of one file: https://etcd.io/docs/v3.5/dev-guide/limit/ stores some dozens of large objects in as much. */
export const MAX_MANIFEST_BYTES = 10 * 1024 * 1024
/** More is a glob that matches what was not meant. */
const MAX_FILES = 1000
const MAX_TOTAL_BYTES = 64 * 1024 * 1024

/**
 * The files that these paths and globs name. Only regular files are opened, since a pipe or a device could block the run forever,
 * and the search ends with the run: a glob can be about a whole disk.
 * @throws ActionError when `signal` aborts
 */
export async function findManifestFiles(
  read: Reader,
  patterns: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  const found = new Map<string, number>()
  for (const pattern of patterns) {
    try {
      const files = await unlessAborted(findFiles(pattern, signal), signal)
      for (const path of await withoutSources(read, pattern, [...files.keys()])) found.set(path, files.get(path) ?? 0)
    } catch (error) {
      if (error instanceof ActionError) throw error
      read.addError('manifest-files', `contains ${quote(pattern)}, ${reason(error)}`, HINT)
    }
  }
  const bytes = [...found.values()].reduce((sum, size) => sum + size, 0)
  if (found.size <= MAX_FILES && bytes <= MAX_TOTAL_BYTES) return [...found.keys()]
  const most = `${MAX_FILES} files or ${MAX_TOTAL_BYTES / 1024 ** 2} MiB`
  read.addError('manifest-files', `matches more than ${most}`, 'Narrow its globs.')
  return []
}

const HINT =
  'Check the path, and that an earlier step checks out the repository. From a directory, the action reads .yaml, .yml and .json files.'

/** Without the files that another program renders: a folder with nothing else is an error. */
async function withoutSources(read: Reader, pattern: string, files: readonly string[]): Promise<readonly string[]> {
  const { manifests, sources, commands } = await separateSources(files)
  if (sources.length > 0 && manifests.length > 0) {
    info(`Left out ${sources.join(', ')}: no manifest. To deploy what it describes: ${commands.join(', ')}`)
  } else if (sources.length > 0) {
    read.addError(
      'manifest-files',
      `contains ${quote(pattern)}, which has no manifest: ${sources.join(', ')}`,
      `Render it in an earlier step, and use the result: ${commands.map((command) => `\`${command}\``).join(', ')}.`,
    )
  }
  return manifests
}

/**
 * A path, a glob, or the manifests of a directory without its subdirectories, as `kubectl apply -f` reads it.
 * @returns the sizes of the files by their paths
 * @throws Error whose message reads after the pattern
 */
async function findFiles(pattern: string, signal: AbortSignal): Promise<ReadonlyMap<string, number>> {
  const paths = await pathsOf(pattern, signal)
  const files = new Map<string, number>()
  for (const path of paths) {
    for (const file of (await statOf(path)).isDirectory() ? await manifestsIn(path) : [path]) {
      const found = await statOf(file)
      try {
        requireRegular(found, MAX_MANIFEST_BYTES)
      } catch (error) {
        throw unreadable(file, error)
      }
      files.set(file, found.size)
    }
  }
  if (files.size === 0) throw new Error('which matches no manifest')
  return files
}

async function pathsOf(pattern: string, signal: AbortSignal): Promise<string[]> {
  const isPath = await stat(pattern).then(
    () => true,
    () => false,
  )
  if (isPath) return [pattern]
  const paths: string[] = []
  for await (const path of glob(pattern)) {
    paths.push(path)
    if (signal.aborted || paths.length > MAX_FILES) break
  }
  return paths.sort()
}

async function manifestsIn(directory: string): Promise<string[]> {
  const names = await readdir(directory)
  return names
    .filter((name) => /\.(ya?ml|json)$/.test(name))
    .sort()
    .map((name) => join(directory, name))
}

/** Of what a link leads to. A link that leads nowhere or in a circle is an error. */
async function statOf(path: string): Promise<Stats> {
  return await stat(path).catch((error: unknown) => {
    throw unreadable(path, error)
  })
}

function unreadable(path: string, error: unknown): Error {
  const { code = '' } = error as { readonly code?: string }
  return new Error(`of which ${quote(path)} cannot be read (${code})`)
}
