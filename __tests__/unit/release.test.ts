// What the release workflow runs: the notes of a release, and its tags, in a git repository of the test.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempDisposableSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { releaseNotes, requireVersion, versionOf } from '../../scripts/release/notes.ts'
import { moveMajorTag, tagVersion } from '../../scripts/release/tags.ts'

const CHANGELOG = `# Changelog

## [Unreleased]

## [0.2.0] - 2026-12-01

### Added

- Second.

### Fixed

- A bug: see [docs](docs/rotation.md).

## [0.1.0] - 2026-11-30

- First.

[Unreleased]: https://example.com/compare/v0.2.0...HEAD
[0.2.0]: https://example.com/compare/v0.1.0...v0.2.0
`

describe('the notes of a release', () => {
  it('are the section of its version', () => {
    const notes = '### Added\n\n- Second.\n\n### Fixed\n\n- A bug: see [docs](docs/rotation.md).'
    expect(releaseNotes(CHANGELOG, '0.2.0')).toBe(notes)
    expect(releaseNotes(CHANGELOG, '0.1.0')).toBe('- First.')
  })

  it.each([
    ['there is no section', '0.3.0', CHANGELOG, /no section "## \[0\.3\.0\] - YYYY-MM-DD"/],
    ['a longer version has one', '0.1.0', CHANGELOG.replace('[0.1.0] -', '[0.1.01] -'), /no section/],
    [
      'the section has no date',
      '0.1.0',
      CHANGELOG.replace(' - 2026-11-30', ''),
      /is not "## \[0\.1\.0\] - YYYY-MM-DD"/,
    ],
    ['the section is empty', '0.1.0', CHANGELOG.replace('- First.\n', ''), /names no change/],
  ])('are an error when %s', (_, version, changelog, message) => {
    expect(() => releaseNotes(changelog, version)).toThrow(message)
  })

  it.each([
    ['v0.1.0', '0.1.0'],
    ['10.0.3', '10.0.3'],
  ])('are about a version: %s', (text, version) => {
    expect(versionOf(text)).toBe(version)
  })

  it.each(['', 'v1', '1.2', '01.2.3', '1.2.3-rc.1', '1.2.3\n', 'refs/tags/v1.2.3', '--help'])(
    'are not about %j',
    (text) => {
      expect(() => versionOf(text)).toThrow('is not a version like 1.2.3')
    },
  )

  it('need the same version in each file', () => {
    const file = JSON.stringify({ version: '0.1.0' })
    expect(() => requireVersion('0.1.0', { 'package.json': file, 'package-lock.json': file })).not.toThrow()
    expect(() => requireVersion('0.2.0', { 'package.json': file })).toThrow(
      'The version in package.json is 0.1.0, not 0.2.0',
    )
    expect(() => requireVersion('0.1.0', { 'package.json': '{}' })).toThrow('is undefined')
  })
})

describe('the changelog and the README', () => {
  const changelog = readFileSync('CHANGELOG.md', 'utf8')
  const released = [...changelog.matchAll(/^## \[(\d[^\]]*)\]/gm)].map(([, version = '']) => version)

  it('the changelog has a section for what is not released, and notes for each release', () => {
    expect(changelog).toMatch(/^## \[Unreleased\]$/m)
    for (const version of released) expect(releaseNotes(changelog, version)).not.toBe('')
  })

  it('the README says that there is no release as long as there is none', () => {
    expect(readFileSync('README.md', 'utf8').includes('There is no release yet')).toBe(released.length === 0)
  })
})

it('the workflow writes only after the tests and an approval, and moves the major tag last', () => {
  const { jobs } = load(readFileSync('.github/workflows/release.yml', 'utf8')) as {
    readonly jobs: Readonly<Record<string, { readonly needs?: string; readonly environment?: string }>>
  }
  expect(Object.entries(jobs).map(([name, { needs, environment }]) => [name, needs, environment])).toEqual([
    ['verify', undefined, undefined],
    ['publish', 'verify', 'release'],
    ['attest', 'publish', undefined],
    ['major-tag', 'attest', undefined],
  ])
})

describe('the tags of a release', () => {
  it('put the version on its commit, and move the major tag there', () => {
    using repository = createRepository()
    const first = repository.commit()

    tagVersion('0.1.0', repository)
    expect(moveMajorTag('0.1.0', repository)).toBe('v0')
    expect(repository.tags()).toEqual({ v0: first, 'v0.1.0': first })

    const second = repository.commit()
    tagVersion('0.2.0', repository)
    expect(moveMajorTag('0.2.0', repository)).toBe('v0')
    expect(repository.tags()).toEqual({ v0: second, 'v0.1.0': first, 'v0.2.0': second })
  })

  it('can be repeated, also when a person has pushed the tag', () => {
    using repository = createRepository()
    const commit = repository.commit()
    repository.git('tag', '--annotate', '--message', 'v1.0.0', 'v1.0.0')
    repository.git('push', '--quiet', 'origin', 'v1.0.0')

    for (let run = 0; run < 2; run++) {
      tagVersion('1.0.0', repository)
      moveMajorTag('1.0.0', repository)
    }
    expect(repository.tags()).toEqual({ v1: commit, 'v1.0.0': commit })
  })

  it('leave the major tag at a newer release, by number and not by text', () => {
    using repository = createRepository()
    const old = repository.commit()
    tagVersion('1.9.0', repository)
    const newer = repository.commit()
    tagVersion('1.10.0', repository)
    moveMajorTag('1.10.0', repository)
    repository.git('checkout', '--quiet', old)
    tagVersion('1.9.1', repository)

    expect(moveMajorTag('1.9.1', repository)).toBeUndefined()
    expect(repository.tags()).toMatchObject({ v1: newer, 'v1.9.1': old })
    tagVersion('0.9.0', repository)
    expect(moveMajorTag('0.9.0', repository)).toBe('v0')
    expect(repository.tags()).toMatchObject({ v0: old, v1: newer })
  })

  it('never move a version', () => {
    using repository = createRepository()
    const commit = repository.commit()
    tagVersion('0.1.0', repository)
    repository.commit()

    expect(() => tagVersion('0.1.0', repository)).toThrow(`Tag v0.1.0 is on commit ${commit}`)
    expect(repository.tags()).toEqual({ 'v0.1.0': commit })
  })

  it('are only for commits of main', () => {
    using repository = createRepository()
    repository.commit()
    repository.git('commit', '--quiet', '--allow-empty', '--message', 'not pushed')

    expect(() => tagVersion('0.1.0', repository)).toThrow('is not on origin/main')
    expect(() => moveMajorTag('0.1.0', repository)).toThrow('There is no tag v0.1.0')
    expect(repository.tags()).toEqual({})
  })
})

describe('the command', () => {
  it('prints the notes, or fails with the reason', () => {
    using repository = createRepository()
    for (const name of ['package.json', 'package-lock.json']) repository.write(name, '{"version":"0.1.0"}')
    repository.write('CHANGELOG.md', CHANGELOG)

    expect(repository.release('notes', 'v0.1.0')).toMatchObject({ status: 0, stdout: '- First.\n' })
    const stderr = 'The version in package.json is 0.1.0, not 0.2.0\n'
    expect(repository.release('notes', '0.2.0')).toMatchObject({ status: 1, stdout: '', stderr })
    expect(repository.release('publish', '0.1.0')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('notes, tag'),
    })
  })

  it('tags the commit, and moves the major tag', () => {
    using repository = createRepository()
    const commit = repository.commit()
    expect(repository.release('tag', '0.1.0')).toMatchObject({ status: 0, stdout: 'v0.1.0 is on this commit.\n' })
    expect(repository.release('move-major', '0.1.0')).toMatchObject({ status: 0, stdout: 'Moved v0 to v0.1.0.\n' })
    expect(repository.tags()).toEqual({ v0: commit, 'v0.1.0': commit })
  })
})

/** A clone of an empty repository, which is its remote `origin`. */
function createRepository() {
  const folder = mkdtempDisposableSync(join(tmpdir(), 'release-'))
  const cwd = join(folder.path, 'clone')
  const env = {
    ...process.env,
    GIT_CONFIG_GLOBAL: join(folder.path, 'none'),
    GIT_CONFIG_NOSYSTEM: '1',
    ...Object.fromEntries(
      ['AUTHOR', 'COMMITTER'].flatMap((who) => [
        [`GIT_${who}_NAME`, 'test'],
        [`GIT_${who}_EMAIL`, 'test@example.com'],
      ]),
    ),
  }
  const run = (args: readonly string[], where: string) =>
    execFileSync('git', args, { cwd: where, env, encoding: 'utf8' })
  run(['init', '--quiet', '--bare', '--initial-branch', 'main', 'origin'], folder.path)
  run(['init', '--quiet', '--initial-branch', 'main', 'clone'], folder.path)
  const git = (...args: string[]) => run(args, cwd).trim()
  git('remote', 'add', 'origin', '../origin')
  return {
    cwd,
    git,
    /** @returns its id; it is on main, also at the remote */
    commit(): string {
      git('commit', '--quiet', '--allow-empty', '--message', 'change')
      git('push', '--quiet', 'origin', 'HEAD:main')
      return git('rev-parse', 'HEAD')
    },
    /** The commits of the tags of the remote. */
    tags(): Record<string, string> {
      const lines = git('ls-remote', '--tags', 'origin').split('\n').filter(Boolean)
      const commits = lines.map((line) => line.split('\t') as [string, string])
      return Object.fromEntries(commits.map(([id, ref]) => [ref.replace(/^refs\/tags\/|\^\{\}$/g, ''), id]))
    },
    write: (name: string, text: string) => writeFileSync(join(cwd, name), text),
    release: (...args: string[]) =>
      spawnSync(process.execPath, [resolve('scripts/release.ts'), ...args], { cwd, env, encoding: 'utf8' }),
    [Symbol.dispose]: () => folder.remove(),
  }
}
