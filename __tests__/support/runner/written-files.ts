// The files that a step writes, wherever it may.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

export interface FileSnapshot {
  /** The text of each file that is new or changed since then, by its path. */
  changes(): Record<string, string>
}

export function snapshotFiles(folders: readonly string[]): FileSnapshot {
  const before = versionsOf(folders)
  return {
    changes() {
      const changed = [...versionsOf(folders)].filter(([path, version]) => before.get(path) !== version)
      return Object.fromEntries(changed.map(([path]) => [path, readFileSync(path, 'utf8')]))
    },
  }
}

function versionsOf(folders: readonly string[]): Map<string, string> {
  const paths = new Set(folders).values().flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name)),
  )
  return new Map(
    paths.map((path) => {
      const { mtimeMs, size, ino } = statSync(path)
      return [path, `${mtimeMs} ${size} ${ino}`]
    }),
  )
}
