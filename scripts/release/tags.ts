// The tags of a release: `v1.2.3`, which never moves, and `v1`, which moves to each release of that major version.
import { execFileSync } from 'node:child_process'

/** A clone with the branch main of its remote `origin`. */
export interface Clone {
  /** Its folder. */
  readonly cwd: string
}

/**
 * Puts `v<version>` on the checked-out commit and pushes it, unless it is there already.
 * @throws Error when the commit is not on main, or when the tag is on another commit
 */
export function tagVersion(version: string, clone: Clone): void {
  const git = gitIn(clone)
  const commit = git('rev-parse', 'HEAD')
  if (!isAncestor(git, commit)) throw new Error(`Commit ${commit} is not on origin/main`)
  const tag = `v${version}`
  const existing = remoteTags(git).get(tag)
  if (existing === commit) return
  if (existing !== undefined) throw new Error(`Tag ${tag} is on commit ${existing}: a release is never changed`)
  git('push', 'origin', `${commit}:refs/tags/${tag}`)
}

/**
 * Moves the major tag, `v1`, to the commit of `v<version>`, unless a newer release of that major version has it.
 * @returns the tag, undefined when it stays
 * @throws Error when `v<version>` does not exist
 */
export function moveMajorTag(version: string, clone: Clone): string | undefined {
  const git = gitIn(clone)
  const tags = remoteTags(git)
  const commit = tags.get(`v${version}`)
  if (commit === undefined) throw new Error(`There is no tag v${version}`)
  const [major = ''] = version.split('.')
  const released = [...tags.keys()].filter((tag) => new RegExp(`^v${major}\\.\\d+\\.\\d+$`).test(tag))
  const isNewer = (tag: string) => compareVersions(tag.slice(1), version) > 0
  if (released.some(isNewer)) return undefined
  git('push', '--force', 'origin', `${commit}:refs/tags/v${major}`)
  return `v${major}`
}

type Git = (...args: string[]) => string

function gitIn({ cwd }: Clone): Git {
  return (...args) => execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()
}

function isAncestor(git: Git, commit: string): boolean {
  git('fetch', '--quiet', 'origin', 'main')
  try {
    git('merge-base', '--is-ancestor', commit, 'FETCH_HEAD')
    return true
  } catch {
    return false
  }
}

/** The commits of the tags of `origin`, by name. An annotated tag has a second line with its commit. */
function remoteTags(git: Git): Map<string, string> {
  const lines = git('ls-remote', '--tags', 'origin').split('\n').filter(Boolean)
  return new Map(
    lines.map((line) => {
      const [commit = '', ref = ''] = line.split('\t')
      return [ref.replace(/^refs\/tags\//, '').replace(/\^\{\}$/, ''), commit] as const
    }),
  )
}

function compareVersions(one: string, other: string): number {
  const [a, b] = [one, other].map((version) => version.split('.').map(Number))
  const index = a?.findIndex((part, at) => part !== b?.[at]) ?? -1
  return index === -1 ? 0 : (a?.[index] ?? 0) - (b?.[index] ?? 0)
}
